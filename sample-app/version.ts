/** The versions of the site: what each one says, and how it looks to eyes that see no colours. */
export type Version = 'v1' | 'v2';

export interface VersionLook {
  /** The words of the page, as the tutorial has them. */
  readonly title: (name: string) => string;
  readonly subtitle: string;
  /** Colour, letter and shape say the same thing three times. */
  readonly letter: string;
  readonly shape: 'circle' | 'diamond';
  readonly accent: string;
  readonly onAccent: string;
  readonly background: string;
  readonly text: string;
}

/**
 * Blue and bluish green of the Okabe–Ito palette, darkened until text on them passes WCAG AA.
 * v1 is dark on light and v2 light on dark, so that they differ on a bad projector too.
 */
export const VERSION_LOOKS: Readonly<Record<Version, VersionLook>> = {
  v1: {
    title: name => `👋 I am ${name}`,
    subtitle: 'Hello 🌍 v1',
    letter: 'A',
    shape: 'circle',
    accent: '#005a9c',
    onAccent: '#ffffff',
    background: '#eef5fb',
    text: '#12283c',
  },
  v2: {
    title: name => `👋 I am ${name} I ❤️ 🐼`,
    subtitle: 'Hello 🌍 v2',
    letter: 'B',
    shape: 'diamond',
    accent: '#ffd166',
    onAccent: '#0b3d2c',
    background: '#0b3d2c',
    text: '#f1fbf6',
  },
};

export const VERSIONS: readonly Version[] = ['v1', 'v2'];

export function isVersion(text: string): text is Version {
  return VERSIONS.some(version => version === text);
}
