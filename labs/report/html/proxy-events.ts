/** What the proxy told of itself. */

import { count, duration, moment } from '../../harness/figures.ts';
import type { HistoryRecord, ProxyEventRecord } from '../../harness/history.ts';
import { t } from '../../harness/text.ts';
import { both } from './bilingual.ts';
import { type Html, html } from './html.ts';

/** More are told in history.ndjson only. */
const MAX_EVENTS = 200;

export function proxyEventsSection(history: readonly HistoryRecord[]): Html | undefined {
  const events = history.filter(record => record.kind === 'proxy-event');
  if (events.length === 0) return undefined;
  return html`<section aria-labelledby="events">
<h2 id="events">${both(t('What the proxy told', 'Ce que le proxy a raconté'))}</h2>
<div class="wide" role="group" aria-labelledby="events" tabindex="0"><table class="events">
<thead><tr><th scope="col" class="figure">${both(t('time', 'instant'))}</th><th scope="col">${both(t('event', 'événement'))}</th><th scope="col">${both(t('backend', 'backend'))}</th><th scope="col">${both(t('detail', 'détail'))}</th></tr></thead>
<tbody>${events.slice(0, MAX_EVENTS).map(eventRow)}</tbody>
</table></div>
${leftOut(events.length - MAX_EVENTS)}
</section>`;
}

function eventRow({ at, event }: ProxyEventRecord): Html {
  const { kind, clusterId, backendId, address, failure, durationMs, cause, workerId } = event;
  const who = [backendId ?? clusterId, address].filter(part => part !== undefined).join(' · ');
  const details = [
    failure === undefined ? undefined : html`${failure}`,
    durationMs === undefined ? undefined : both(duration(durationMs)),
    cause === undefined ? undefined : html`${cause}`,
    workerId === undefined ? undefined : html`worker ${workerId}`,
  ].filter(detail => detail !== undefined);
  return html`<tr><td class="figure">${both(moment(at))}</td><th scope="row"><code>${kind}</code></th><td>${who}</td><td>${details.map((detail, index) => html`${index === 0 ? '' : ' · '}${detail}`)}</td></tr>`;
}

function leftOut(number: number): Html | undefined {
  if (number <= 0) return undefined;
  const more = count(number);
  return html`<p>${both(t(`${more.en} more in history.ndjson.`, `${more.fr} de plus dans history.ndjson.`))}</p>`;
}
