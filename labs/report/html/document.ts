/** The whole page: one file, no scripts, nothing fetched, both languages inside. */
import type { HistoryRecord } from '../../harness/history.ts';
import type { RunResult } from '../../harness/result.ts';
import { t } from '../../harness/text.ts';
import type { RunEvidence } from '../evidence/run-evidence.ts';
import { type ToldRequests, tellRequests } from '../evidence/told-requests.ts';
import { drawTimeline } from '../timeline/drawing.ts';
import { timelineLegend } from '../timeline/legend.ts';
import { visitorRequests } from '../visitor-requests.ts';
import { banner } from './banner.ts';
import { both, prose } from './bilingual.ts';
import { configurationSection } from './configuration.ts';
import { environmentSection } from './environment.ts';
import { type Html, html } from './html.ts';
import { measuresSection } from './measures.ts';
import { renderPage } from './page.ts';
import { proxyEventsSection } from './proxy-events.ts';
import { requestList } from './request-list.ts';
import { requestPanels } from './request-panels.ts';
import { stepSections } from './steps.ts';
import { trafficTable } from './traffic.ts';

export function renderDocument(
  result: RunResult,
  history: readonly HistoryRecord[],
  evidence: RunEvidence,
): string {
  const { language, title } = result;
  const told = tellRequests(result, history, evidence.proxyLog);
  const body = html`<header><p class="kit">Relais · ${both(t('lab report', 'compte rendu de lab'))} · ${result.lab}</p>
<h1>${prose(title)}</h1></header>
${banner(result)}
${timelineSection(result, history, told, evidence)}
${stepSections(result, history, evidence.shots, told)}
${measuresSection(result, history)}
${proxyEventsSection(history)}
${configurationSection(evidence.configFiles)}
${environmentSection(result)}
${requestPanels(told, history)}`;
  return renderPage(language, title[language], body);
}

function timelineSection(
  result: RunResult,
  history: readonly HistoryRecord[],
  told: ToldRequests,
  { proxyLog }: RunEvidence,
): Html | undefined {
  if (visitorRequests(history).length === 0) return undefined;
  return html`<section aria-labelledby="timeline">
<h2 id="timeline">${both(t('Every request of every visitor', 'Chaque requête de chaque visiteur'))}</h2>
<figure>
<div class="wide" role="group" aria-labelledby="timeline" tabindex="0">${drawTimeline(result, history, told, proxyLog)}</div>
<figcaption id="timeline-caption">${both(caption)}</figcaption>
${timelineLegend(history, proxyLog)}
</figure>
${requestList(told, history)}
${trafficTable(history)}
</section>`;
}

const caption = t(
  'Time runs to the right. Above: what failed, and which machine answered when. Below: each visitor’s requests, the higher the longer they took; the letter names the machine. Click a mark to see the headers of the answer and why that machine was chosen. The tables below say the same in words.',
  'Le temps va vers la droite. En haut : les pannes, et quelle machine a répondu quand. En bas : les requêtes de chaque visiteur, d’autant plus haut qu’elles ont duré ; la lettre nomme la machine. Clique sur une marque pour voir les en-têtes de la réponse et pourquoi cette machine a été choisie. Les tableaux plus bas disent la même chose en mots.',
);
