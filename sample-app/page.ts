/** Writes the pages: the greeting of the tutorial, and the small page for what went wrong. */
import type { Identity } from './identity.ts';
import { pageStyle } from './page-style.ts';
import { greeting } from './site.ts';
import { type Language, type Text, t } from './text.ts';
import { VERSION_LOOKS, type VersionLook } from './version.ts';

/** What a page knows of its request. */
export interface PageContext {
  readonly language: Language;
  /** Where the request arrived, for example `192.168.56.21:8080`. */
  readonly address: string;
}

export interface HomeContext extends PageContext {
  /** Path of the page without its last `/`: '' or, for example, `/legacy`. */
  readonly base: string;
  /** Has the visitor just pressed the button? */
  readonly engaged: boolean;
}

/** The greeting, whose words are the tutorial's in every language. */
export function homePage(identity: Identity, context: HomeContext): string {
  const { site, version, name, machine } = identity;
  const { title, subtitle } = greeting(site, version, name);
  const lang = context.language === 'en' ? '' : ' lang="en"';
  return layout(
    identity,
    `${subtitle} · ${machine}`,
    `<h1 class="title"${lang} data-testid="machine-name">${escapeHtml(title)}</h1>
          <h2 class="subtitle"${lang} data-testid="version">${escapeHtml(subtitle)}</h2>
          ${engagement(context)}`,
    context,
  );
}

const LIKE = t('I like this site', 'J’aime ce site');
const THANKS = t('Thank you!', 'Merci !');

/** A form, so that it needs no script. */
function engagement({ language, base, engaged }: HomeContext): string {
  if (engaged)
    return `<p class="thanks" role="status" data-testid="thanks">${THANKS[language]}</p>`;
  return `<form method="post" action="${base}/engage?lang=${language}">
            <button type="submit" data-testid="engage">${LIKE[language]}</button>
          </form>`;
}

/** For example `problemPage(identity, 404, 'Nothing lives at /moon', context)`. */
export function problemPage(
  identity: Identity,
  status: number,
  message: string,
  context: PageContext,
): string {
  return layout(
    identity,
    `${status} · ${identity.machine}`,
    `<h1 class="title" data-testid="status">${status}</h1>
          <p class="subtitle" data-testid="message">${escapeHtml(message)}</p>`,
    context,
  );
}

export function layout(
  identity: Identity,
  title: string,
  content: string,
  { language, address }: PageContext,
): string {
  const look = VERSION_LOOKS[identity.version];
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon(look))}">
    <style>${pageStyle(look, identity.site)}</style>
  </head>
  <body class="${identity.version}">
    <main class="container">
      <div>
        ${badge(identity, look, language)}
        <div>
          ${content}
        </div>
        <p class="where">
          <span data-testid="machine">${escapeHtml(identity.machine)}</span>
          <span data-testid="address">${escapeHtml(address)}</span>
        </p>
        ${languageLink(language)}
      </div>
    </main>
  </body>
</html>
`;
}

function languageLink(language: Language): string {
  const [other, name] = language === 'en' ? ['fr', 'Français'] : ['en', 'English'];
  return `<p class="language"><a href="?lang=${other}" hreflang="${other}" lang="${other}">${name}</a></p>`;
}

const shapes: Readonly<Record<VersionLook['shape'], Text>> = {
  circle: t('in a circle', 'dans un cercle'),
  diamond: t('in a diamond', 'dans un losange'),
  square: t('in a square', 'dans un carré'),
};

function badge({ version }: Identity, look: VersionLook, language: Language): string {
  const colon = language === 'fr' ? ' :' : ':';
  const label = `Version ${version}${colon} ${look.letter} ${shapes[look.shape][language]}`;
  return `<div class="badge ${look.shape}" data-testid="badge" role="img" aria-label="${label}"><span aria-hidden="true">${look.letter}</span></div>`;
}

const outlines: Readonly<Record<VersionLook['shape'], string>> = {
  circle: 'M0 16a16 16 0 1 1 32 0a16 16 0 1 1-32 0z',
  diamond: 'M16 0 32 16 16 32 0 16z',
  square: 'M0 0h32v32H0z',
};

/** The tab wears the badge too, and the browser has no reason to ask for /favicon.ico. */
function icon(look: VersionLook): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="${outlines[look.shape]}" fill="${look.accent}"/><text x="16" y="22" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="17" fill="${look.onAccent}">${look.letter}</text></svg>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? '');
}
