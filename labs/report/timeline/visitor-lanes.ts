/** One lane per visitor: when their requests were answered, and how long each one took. */

import { duration } from '../../harness/figures.ts';
import type { RequestRecord } from '../../harness/history.ts';
import { t } from '../../harness/text.ts';
import { bothInDrawing } from '../html/bilingual.ts';
import { type Html, html, trusted } from '../html/html.ts';
import { endOf } from '../visitor-requests.ts';
import type { DrawingContext } from './drawing-context.ts';
import { type LatencyScale, latencyScale } from './latency-scale.ts';
import { LATENCY_SPACE, type VisitorLane } from './layout.ts';
import { colourOf, drawMarks } from './marks.ts';
import { type Scale, snap } from './scale.ts';

const RADIUS = 5;
/** Shorter waits are hidden by their own mark. */
const SHORTEST_WAIT = 9;

export function drawVisitorLanes(context: DrawingContext): Html {
  const { visitors } = context.layout;
  const latency = latencyScale(
    visitors.flatMap(({ requests }) => requests),
    LATENCY_SPACE,
  );
  return html`${visitors.map(lane => drawLane(lane, latency, context))}`;
}

function drawLane(lane: VisitorLane, latency: LatencyScale, context: DrawingContext): Html {
  const { scale, machines } = context;
  const kind = lane.keepAlive
    ? t('one connection, kept alive', 'une connexion, gardée ouverte')
    : t('a new connection for each request', 'une nouvelle connexion par requête');
  const yOf = ({ durationMs }: RequestRecord): number => lane.bottom - latency.height(durationMs);
  const style = { radius: RADIUS, y: yOf, isRich: true };
  const groups = [...machines, undefined].map(machine => {
    const own = lane.requests.filter(request => request.machine === machine);
    if (own.length === 0) return undefined;
    return html`<g class="${colourOf(machine, machines)}">${waits(own, scale, yOf)}${drawMarks(own, style, context)}</g>`;
  });
  return html`<g class="lane"><text class="visitor" x="8" y="${lane.top + 16}">${lane.visitor}</text>${bothInDrawing(kind, `x="${scale.left}" y="${lane.top + 12}" class="kind"`)}
${latency.lines.map(ms => drawLine(ms, lane, latency, scale))}
${groups}</g>`;
}

function drawLine(ms: number, lane: VisitorLane, latency: LatencyScale, scale: Scale): Html {
  const y = lane.bottom - latency.height(ms);
  const label = bothInDrawing(round(ms), `x="${scale.left - 12}" y="${y + 4}" class="label small"`);
  return html`<path class="guide" d="M${scale.left} ${y}H${scale.right}"/>${label}`;
}

/** `10 ms`, not `10.0 ms`. */
function round(ms: number): ReturnType<typeof duration> {
  if (ms < 1) return duration(ms);
  const unit = ms < 1_000 ? `${ms}\u00A0ms` : `${ms / 1_000}\u00A0s`;
  return t(unit, unit);
}

/** A line from question to answer for those that waited visibly. */
function waits(
  requests: readonly RequestRecord[],
  scale: Scale,
  yOf: (request: RequestRecord) => number,
): Html | undefined {
  const lines = requests.flatMap(request => {
    const [from, to] = [snap(scale.x(request.startedAt)), snap(scale.x(endOf(request)))];
    return to - from < SHORTEST_WAIT ? [] : `M${from} ${yOf(request)}H${to}`;
  });
  if (lines.length === 0) return undefined;
  return html`<path class="wait" d="${trusted([...new Set(lines)].join(''))}"/>`;
}
