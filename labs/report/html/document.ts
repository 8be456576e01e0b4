/** The whole page: one file, no scripts, nothing fetched, both languages inside. */
import type { HistoryRecord } from '../../harness/history.ts';
import type { RunResult } from '../../harness/result.ts';
import { t } from '../../harness/text.ts';
import { drawTimeline } from '../timeline/drawing.ts';
import { timelineLegend } from '../timeline/legend.ts';
import { visitorRequests } from '../visitor-requests.ts';
import { banner } from './banner.ts';
import { both, prose } from './bilingual.ts';
import { environmentSection } from './environment.ts';
import { type Html, html, trusted } from './html.ts';
import { measuresSection } from './measures.ts';
import { proxyEventsSection } from './proxy-events.ts';
import type { Shots } from './shots.ts';
import { stepSections } from './steps.ts';
import { styleSheet } from './style.ts';
import { trafficTable } from './traffic.ts';

/** Should anything ever ask for a script or another file, the browser refuses it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export function renderDocument(
  result: RunResult,
  history: readonly HistoryRecord[],
  shots: Shots,
): string {
  const { language, title } = result;
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title[language]} · Relais</title>
<link rel="icon" href="data:,">
<style>${trusted(styleSheet)}</style>
</head>
<body>
${languageSwitch(result)}
<main>
<header><p class="kit">Relais · ${both(t('lab report', 'compte rendu de lab'))} · ${result.lab}</p>
<h1>${prose(title)}</h1></header>
${banner(result)}
${timelineSection(result, history)}
${stepSections(result, history, shots)}
${measuresSection(result, history)}
${proxyEventsSection(history)}
${environmentSection(result)}
</main>
</body>
</html>
`;
  return page.markup;
}

/** Before `main`, because the style sheet looks from the checked one onwards. */
function languageSwitch({ language }: RunResult): Html {
  const checked = (own: string): Html => trusted(own === language ? ' checked' : '');
  return html`<input type="radio" name="language" id="to-en"${checked('en')}><label for="to-en" lang="en">English</label>
<input type="radio" name="language" id="to-fr"${checked('fr')}><label for="to-fr" lang="fr">Français</label>`;
}

function timelineSection(result: RunResult, history: readonly HistoryRecord[]): Html | undefined {
  if (visitorRequests(history).length === 0) return undefined;
  return html`<section aria-labelledby="timeline">
<h2 id="timeline">${both(t('Every request of every visitor', 'Chaque requête de chaque visiteur'))}</h2>
<figure>
<div class="wide" role="region" aria-labelledby="timeline" tabindex="0">${drawTimeline(result, history)}</div>
<figcaption id="timeline-caption">${both(t('Each visitor has one row per machine; a mark stands where an answer came. The table below holds the same in numbers.', 'Chaque visiteur a une ligne par machine ; une marque indique l’arrivée d’une réponse. Le tableau plus bas dit la même chose en chiffres.'))}</figcaption>
${timelineLegend(history)}
</figure>
${trafficTable(history)}
</section>`;
}
