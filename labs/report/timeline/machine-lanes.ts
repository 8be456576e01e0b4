/** One lane per machine: what it answered, and when it was away or failing. */

import { t } from '../../harness/text.ts';
import { type Html, html } from '../html/html.ts';
import { visitorRequests } from '../visitor-requests.ts';
import type { DrawingContext } from './drawing-context.ts';
import { laneLabel } from './lane-label.ts';
import { type FaultBar, type MachineLane, ROW_HEIGHT } from './layout.ts';
import { colourOf, drawMarks, letterOf } from './marks.ts';
import type { Outage } from './moments.ts';
import type { Scale } from './scale.ts';

const RADIUS = 3.5;
/** Of a letter in a label. */
const LETTER_WIDTH = 6;

export function drawMachineLanes(context: DrawingContext): Html {
  const { layout, scale } = context;
  return html`<g>${layout.machines.map(lane => drawLane(lane, context))}</g>
<g>${layout.faults.length > 0 ? laneLabel(t('faults', 'pannes'), scale.left, layout.faults[0]?.y ?? 0) : undefined}${layout.faults.map(bar => drawFault(bar, scale))}</g>`;
}

function drawLane({ machine, y }: MachineLane, context: DrawingContext): Html {
  const { scale, history, machines, outages } = context;
  const own = visitorRequests(history).filter(request => request.machine === machine);
  const letter = letterOf(machine, machines);
  const name = letter === '' ? machine : `${machine} ${letter}`;
  return html`<g class="row ${colourOf(machine, machines)}">${laneLabel(t(name, name), scale.left, y)}<path class="guide" d="M${scale.left} ${y}H${scale.right}"/>
${outages.filter(outage => outage.machine === machine).map(outage => drawOutage(outage, y, scale))}
${drawMarks(own, { radius: RADIUS, y: () => y, isRich: false }, context)}</g>`;
}

function drawOutage({ machine, label, from, to }: Outage, y: number, scale: Scale): Html {
  const x = scale.x(from);
  const kind = label === 'not-created' ? 'absent' : 'outage';
  return html`<g class="${kind}"><title>${machine}: ${label}</title><rect x="${x}" y="${y - ROW_HEIGHT / 2 + 1}" width="${(scale.x(to) - x).toFixed(1)}" height="${ROW_HEIGHT - 2}"/></g>`;
}

function drawFault({ outage, y }: FaultBar, scale: Scale): Html {
  const { machine, label, from, to } = outage;
  const [x, end] = [scale.x(from), scale.x(to)];
  const text = `${machine}: ${label}`;
  const fits = end - x > text.length * LETTER_WIDTH;
  const isRoomBehind = end + text.length * LETTER_WIDTH < scale.right;
  const place = fits
    ? html`<text x="${((x + end) / 2).toFixed(1)}" y="${y + 4}">${text}</text>`
    : html`<text class="${isRoomBehind ? 'behind' : 'before'}" x="${isRoomBehind ? end + 4 : x - 4}" y="${y + 4}">${text}</text>`;
  return html`<g class="fault"><title>${text}</title><rect x="${x}" y="${y - ROW_HEIGHT / 2 + 2}" width="${Math.max(2, end - x).toFixed(1)}" height="${ROW_HEIGHT - 4}"/>${place}</g>`;
}
