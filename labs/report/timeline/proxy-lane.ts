/** The proxy's lane: what it answered by itself, and below that what it told of its backends. */

import { moment } from '../../harness/figures.ts';
import type { ProxyEventRecord } from '../../harness/history.ts';
import { t } from '../../harness/text.ts';
import { type Html, html, trusted } from '../html/html.ts';
import { visitorRequests } from '../visitor-requests.ts';
import type { DrawingContext } from './drawing-context.ts';
import { laneLabel } from './lane-label.ts';
import { drawMarks } from './marks.ts';
import { snap } from './scale.ts';

export type EventSort = 'trouble' | 'recovery' | 'change';

/** Downwards, upwards, square: the sort is told without colour. */
export const eventShapes: Readonly<Record<EventSort, string>> = {
  trouble: 'm-4-3.5h8l-4 7z',
  recovery: 'm-4 3.5h8l-4-7z',
  change: 'm-2.5-2.5h5v5h-5z',
};

const troubles = /failed|opened|unhealthy|no-available|exited|diverged|denied|failing|exhausted/;
const recoveries = /closed|-healthy|recovered|ready|respected|working/;

export function sortOf(kind: string): EventSort {
  if (kind === 'breaker-half-opened') return 'recovery';
  if (troubles.test(kind)) return 'trouble';
  return recoveries.test(kind) ? 'recovery' : 'change';
}

export function drawProxyLane(context: DrawingContext): Html {
  const { history, layout, scale } = context;
  const nobody = visitorRequests(history).filter(({ machine }) => machine === undefined);
  const events = history.filter(record => record.kind === 'proxy-event');
  const guide = (y: number): Html =>
    html`<path class="guide" d="M${scale.left} ${y}H${scale.right}"/>`;
  return html`<g class="row mnone">${laneLabel(t('proxy', 'proxy'), scale.left, layout.proxyY)}${guide(layout.proxyY)}
${drawMarks(nobody, { radius: 4, y: () => layout.proxyY, isRich: true }, context)}</g>
<g class="row">${laneLabel(t('its events', 'ses événements'), scale.left, layout.eventsY)}${guide(layout.eventsY)}
${drawEvents(events, context)}</g>`;
}

/** Events of one sort that would cover each other share a mark. */
function drawEvents(
  events: readonly ProxyEventRecord[],
  { scale, layout }: DrawingContext,
): readonly Html[] {
  const places = new Map<string, ProxyEventRecord[]>();
  for (const event of events) {
    if (event.at < scale.startMs) continue;
    const key = `${sortOf(event.event.kind)} ${snap(scale.x(event.at))}`;
    places.set(key, [...(places.get(key) ?? []), event]);
  }
  return [...places].map(([key, here]) => {
    const [sort = 'change', x] = key.split(' ') as [EventSort, string];
    const shape = `M${x} ${layout.eventsY}${eventShapes[sort]}`;
    return html`<path class="event ${sort}" d="${trusted(shape)}"><title>${tooltip(here)}</title></path>`;
  });
}

function tooltip(events: readonly ProxyEventRecord[]): string {
  const [first] = events;
  if (first === undefined) return '';
  const { kind, backendId, clusterId } = first.event;
  const more = events.length > 1 ? ` (+${events.length - 1})` : '';
  return `${moment(first.at).en} · ${kind} ${backendId ?? clusterId ?? ''}${more}`;
}
