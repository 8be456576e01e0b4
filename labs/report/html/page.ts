/** A page of one file: no scripts, nothing fetched, both languages inside and a switch between them. */
import type { Language } from '../../harness/text.ts';
import { type Html, html, trusted } from './html.ts';
import { styleSheet } from './style.ts';

/** Should anything ever ask for a script or another file, the browser refuses it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** `body` is what stands in `main`. */
export function renderPage(language: Language, title: string, body: Html): string {
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title} · Relais</title>
<link rel="icon" href="data:,">
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
${languageSwitch(language)}
${body}
</main>
</body>
</html>
`;
  return page.markup;
}

/** Before all else, because the style sheet looks from the checked one onwards. */
function languageSwitch(language: Language): Html {
  const checked = (own: Language): Html => trusted(own === language ? ' checked' : '');
  return html`<input type="radio" name="language" id="to-en"${checked('en')}><label for="to-en" lang="en">English</label>
<input type="radio" name="language" id="to-fr"${checked('fr')}><label for="to-fr" lang="fr">Français</label>`;
}
