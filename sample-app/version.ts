/** The versions of the site: what each one says, and how it looks to eyes that see no colours. */
export type Version = 'v1' | 'v2' | 'v3';

export interface VersionLook {
  /** The words of the page, as the tutorial has them. */
  readonly title: (name: string) => string;
  readonly subtitle: string;
  /** Colour, letter and shape say the same thing three times. */
  readonly letter: string;
  readonly shape: 'circle' | 'diamond' | 'square';
  readonly scheme: 'light' | 'dark';
  readonly accent: string;
  readonly onAccent: string;
  readonly background: string;
  readonly text: string;
  /** A bad build: it starts, but its probe fails and so does every page. */
  readonly broken: boolean;
}

/**
 * Blue, bluish green and vermilion of the Okabe–Ito palette, darkened until text on them passes
 * WCAG AA. The backgrounds are light, dark and between, so that they differ on a bad projector too.
 */
export const VERSION_LOOKS: Readonly<Record<Version, VersionLook>> = {
  v1: {
    title: name => `👋 I am ${name}`,
    subtitle: 'Hello 🌍 v1',
    letter: 'A',
    shape: 'circle',
    scheme: 'light',
    accent: '#005a9c',
    onAccent: '#ffffff',
    background: '#eef5fb',
    text: '#12283c',
    broken: false,
  },
  v2: {
    title: name => `👋 I am ${name} I ❤️ 🐼`,
    subtitle: 'Hello 🌍 v2',
    letter: 'B',
    shape: 'diamond',
    scheme: 'dark',
    accent: '#ffd166',
    onAccent: '#0b3d2c',
    background: '#0b3d2c',
    text: '#f1fbf6',
    broken: false,
  },
  v3: {
    title: name => `👋 I am ${name}`,
    subtitle: 'Hello 🌍 v3',
    letter: 'C',
    shape: 'square',
    scheme: 'light',
    accent: '#7a1f00',
    onAccent: '#ffffff',
    background: '#f0a868',
    text: '#2b1400',
    broken: true,
  },
};

export const VERSIONS: readonly Version[] = ['v1', 'v2', 'v3'];

export function isVersion(text: string): text is Version {
  return VERSIONS.some(version => version === text);
}
