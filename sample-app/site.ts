/** The sites that the app can be, so that several of them behind one proxy can be told apart. */
import { VERSION_LOOKS, type Version } from './version.ts';

export type Site = 'hello' | 'shop' | 'blog' | 'legacy' | 'api';

export interface SiteLook {
  /** An application of long ago looks like one. */
  readonly font: 'sans' | 'serif' | 'mono';
  /** Absent: the words of the tutorial, which depend on the version. */
  readonly words?: {
    readonly title: (name: string) => string;
    readonly subtitle: (version: Version) => string;
  };
}

export const SITE_LOOKS: Readonly<Record<Site, SiteLook>> = {
  hello: { font: 'sans' },
  shop: {
    font: 'sans',
    words: { title: name => `🛒 I am ${name}, the shop`, subtitle: version => `Shop ${version}` },
  },
  blog: {
    font: 'serif',
    words: { title: name => `📝 I am ${name}, the blog`, subtitle: version => `Blog ${version}` },
  },
  legacy: {
    font: 'serif',
    words: {
      title: name => `🦕 I am ${name}, the old application`,
      subtitle: version => `Legacy ${version}`,
    },
  },
  api: {
    font: 'mono',
    words: { title: name => `🔌 I am ${name}, the API`, subtitle: version => `API ${version}` },
  },
};

export const SITES = Object.keys(SITE_LOOKS) as readonly Site[];

export function isSite(text: string): text is Site {
  return SITES.some(site => site === text);
}

/** What the page of this site says in this version. */
export function greeting(
  site: Site,
  version: Version,
  name: string,
): { readonly title: string; readonly subtitle: string } {
  const { words } = SITE_LOOKS[site];
  const look = VERSION_LOOKS[version];
  return {
    title: words?.title(name) ?? look.title(name),
    subtitle: words?.subtitle(version) ?? look.subtitle,
  };
}
