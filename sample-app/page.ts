/** Writes the pages: the greeting of the tutorial, and the small page for what went wrong. */
import type { Identity } from './identity.ts';
import { pageStyle } from './page-style.ts';
import { VERSION_LOOKS, type VersionLook } from './version.ts';

/** The greeting; `address` is where this request arrived. */
export function homePage(identity: Identity, address: string): string {
  const look = VERSION_LOOKS[identity.version];
  return layout(
    identity,
    `Hello 🌍 ${identity.version} · ${identity.machine}`,
    `<h1 class="title" data-testid="machine-name">${escapeHtml(look.title(identity.name))}</h1>
          <h2 class="subtitle" data-testid="version">${escapeHtml(look.subtitle)}</h2>`,
    address,
  );
}

/** For example `problemPage(identity, 404, 'Nothing lives at /moon', address)`. */
export function problemPage(
  identity: Identity,
  status: number,
  message: string,
  address: string,
): string {
  return layout(
    identity,
    `${status} · ${identity.machine}`,
    `<h1 class="title" data-testid="status">${status}</h1>
          <p class="subtitle" data-testid="message">${escapeHtml(message)}</p>`,
    address,
  );
}

function layout(identity: Identity, title: string, content: string, address: string): string {
  const look = VERSION_LOOKS[identity.version];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon(look))}">
    <style>${pageStyle(look)}</style>
  </head>
  <body class="${identity.version}">
    <main class="container">
      <div>
        ${badge(identity, look)}
        <div>
          ${content}
        </div>
        <p class="where">
          <span data-testid="machine">${escapeHtml(identity.machine)}</span>
          <span data-testid="address">${escapeHtml(address)}</span>
        </p>
      </div>
    </main>
  </body>
</html>
`;
}

function badge(identity: Identity, look: VersionLook): string {
  const label = `Version ${identity.version}: ${look.letter} in a ${look.shape}`;
  return `<div class="badge ${look.shape}" data-testid="badge" role="img" aria-label="${label}"><span aria-hidden="true">${look.letter}</span></div>`;
}

/** The tab wears the badge too, and the browser has no reason to ask for /favicon.ico. */
function icon(look: VersionLook): string {
  const shape =
    look.shape === 'circle'
      ? `<circle cx="16" cy="16" r="16" fill="${look.accent}"/>`
      : `<path d="M16 0 32 16 16 32 0 16z" fill="${look.accent}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${shape}<text x="16" y="22" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="17" fill="${look.onAccent}">${look.letter}</text></svg>`;
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
