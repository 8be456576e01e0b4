/** One visitor's rows: who answered when, what failed, and which machine was away. */

import { count, moment } from '../../harness/figures.ts';
import { isFailed } from '../../harness/judge/evidence.ts';
import { t } from '../../harness/text.ts';
import { bothInDrawing } from '../html/bilingual.ts';
import { type Html, html, trusted } from '../html/html.ts';
import { answeredPath, crossAt, type FailedMark, failedMarks, waitsPath } from './marks.ts';
import type { Outage } from './moments.ts';
import { type Lane, ROW_HEIGHT, type Row } from './rows.ts';
import type { Scale } from './scale.ts';

/** Colours beside the position and the shape, never instead of them. */
const MACHINE_COLOURS = 8;

export interface LaneContext {
  readonly scale: Scale;
  readonly versions: readonly string[];
  readonly machines: readonly string[];
  readonly outages: readonly Outage[];
}

export function drawLane(lane: Lane, context: LaneContext): Html {
  const kind = lane.keepAlive
    ? t('one connection, kept alive', 'une connexion, gardée ouverte')
    : t('a new connection for each request', 'une nouvelle connexion par requête');
  return html`<g class="lane"><text class="visitor" x="8" y="${lane.top + 16}">${lane.visitor}</text>${bothInDrawing(kind, `x="${context.scale.left}" y="${lane.top + 16}" class="kind"`)}
${lane.rows.map(row => drawRow(row, context))}</g>`;
}

function drawRow(row: Row, context: LaneContext): Html {
  const { scale, versions, machines } = context;
  const colour =
    row.machine === undefined ? 'none' : machines.indexOf(row.machine) % MACHINE_COLOURS;
  const answered = row.requests.filter(request => !isFailed(request));
  const paths = ['', ...versions].map((version, index) => {
    const own = answered.filter(request => (request.version ?? '') === version);
    const path = answeredPath(own, index - 1, scale, row.y);
    return path === '' ? undefined : html`<path class="mark" d="${trusted(path)}"/>`;
  });
  const waits = waitsPath(row.requests, scale, row.y);
  return html`<g class="row m${colour}">${rowLabel(row, scale)}<path class="guide" d="M${scale.left} ${row.y}H${scale.right}"/>
${context.outages.filter(({ machine }) => machine === row.machine).map(outage => drawOutage(outage, row, scale))}
${waits === '' ? undefined : html`<path class="wait" d="${trusted(waits)}"/>`}${paths}${failedMarks(row.requests, scale).map(mark => drawFailed(mark, row))}</g>`;
}

function rowLabel(row: Row, scale: Scale): Html {
  const place = `x="${scale.left - 12}" y="${row.y + 4}" class="label"`;
  const nobody = t('no machine', 'aucune machine');
  return bothInDrawing(row.machine === undefined ? nobody : t(row.machine, row.machine), place);
}

function drawOutage(outage: Outage, row: Row, scale: Scale): Html {
  const from = scale.x(outage.from);
  const width = scale.x(outage.to) - from;
  const away = outage.label === 'not-created' ? 'absent' : 'outage';
  const label = width > outage.label.length * 6 + 10 && away === 'outage';
  return html`<g class="${away}"><title>${outage.machine}: ${outage.label}</title><rect x="${from}" y="${row.y - ROW_HEIGHT / 2 + 1}" width="${width.toFixed(1)}" height="${ROW_HEIGHT - 2}"/>${label ? html`<text x="${(from + width / 2).toFixed(1)}" y="${row.y + 3.5}">${outage.label}</text>` : undefined}</g>`;
}

function drawFailed({ x, requests }: FailedMark, row: Row): Html {
  const [first] = requests;
  if (first === undefined) return html``;
  const outcome = first.error ?? `status ${first.status}`;
  const more = requests.length > 1 ? ` (+${count(requests.length - 1).en})` : '';
  const told = `${first.visitor} #${first.number}, ${moment(first.startedAt).en}: ${outcome}${more}`;
  return html`<path class="failed" d="${crossAt(x, row.y)}"><title>${told}</title></path>`;
}
