/** What the signs of the drawing mean, and what was done at its numbered moments. */

import { moment } from '../../harness/figures.ts';
import type { HistoryRecord } from '../../harness/history.ts';
import { type Text, t } from '../../harness/text.ts';
import type { ProxyLog } from '../evidence/proxy-log.ts';
import { OUTCOMES, type Outcome, outcomeNames, outcomeOf } from '../evidence/request-outcome.ts';
import { both } from '../html/bilingual.ts';
import { type Html, html } from '../html/html.ts';
import { machineNames, versionNames, visitorRequests } from '../visitor-requests.ts';
import { colourOf, letterOf } from './marks.ts';
import { type Moment, momentsOf } from './moments.ts';
import { type EventSort, eventShapes } from './proxy-lane.ts';
import { isCross, shapeAt } from './shapes.ts';

export function timelineLegend(history: readonly HistoryRecord[], proxyLog: ProxyLog): Html {
  const moments = momentsOf(history);
  return html`<ul class="legend">${machineSigns(history)}</ul>
<ul class="legend">${outcomeSigns(history, proxyLog)}${versionSigns(history)}
${sign(html`<path class="wait" d="M0 8H20"/>`, t('waiting for the answer', 'attente de la réponse'))}
${sign(html`<g class="outage"><rect x="0" y="1" width="20" height="14"/></g>`, t('machine failing or away', 'machine en panne ou absente'))}
${eventSigns(history)}</ul>
${moments.length > 0 ? html`<ol class="moments">${moments.map(drawMoment)}</ol>` : undefined}`;
}

function sign(content: Html, text: Text): Html {
  return html`<li><svg viewBox="0 0 20 16" aria-hidden="true">${content}</svg>${both(text)}</li>`;
}

function machineSigns(history: readonly HistoryRecord[]): readonly Html[] {
  const machines = machineNames(history);
  return machines.map(machine => {
    const circle = html`<path class="mark f0" d="${shapeAt('answered', 10, 8, 6)}"/>`;
    const letter = html`<text class="letter" x="10" y="11">${letterOf(machine, machines)}</text>`;
    const content = html`<g class="${colourOf(machine, machines)}">${circle}${letter}</g>`;
    return sign(content, t(machine, machine));
  });
}

function outcomeSigns(history: readonly HistoryRecord[], proxyLog: ProxyLog): readonly Html[] {
  const seen = new Set(
    visitorRequests(history).map(request =>
      outcomeOf(request, proxyLog.get(request.requestId ?? '')),
    ),
  );
  return OUTCOMES.filter(outcome => seen.has(outcome)).map(outcome =>
    sign(
      html`<path class="${markClass(outcome)}" d="${shapeAt(outcome, 10, 8, 4)}"/>`,
      outcomeNames[outcome],
    ),
  );
}

function markClass(outcome: Outcome): string {
  return isCross(outcome) ? 'failed' : 'mark f0';
}

function versionSigns(history: readonly HistoryRecord[]): readonly Html[] {
  const versions = versionNames(visitorRequests(history));
  if (versions.length < 2) return [];
  return versions.map((version, index) =>
    sign(
      html`<path class="mark f${index % 3}" d="${shapeAt('answered', 10, 8, 5)}"/>`,
      t(`answered by ${version}`, `répondue par ${version}`),
    ),
  );
}

const eventWords: Readonly<Record<EventSort, Text>> = {
  trouble: t('the proxy tells of trouble', 'le proxy signale un ennui'),
  recovery: t('of a recovery', 'un rétablissement'),
  change: t('of a change', 'un changement'),
};

function eventSigns(history: readonly HistoryRecord[]): readonly Html[] {
  if (!history.some(({ kind }) => kind === 'proxy-event')) return [];
  return (Object.keys(eventWords) as EventSort[]).map(sort =>
    sign(html`<path class="event ${sort}" d="M10 8${eventShapes[sort]}"/>`, eventWords[sort]),
  );
}

function drawMoment({ at, what }: Moment): Html {
  return html`<li><time>${both(moment(at))}</time> <code>${what}</code></li>`;
}
