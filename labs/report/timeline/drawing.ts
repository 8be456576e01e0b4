/** The requests of all visitors over time, as one drawing. */
import type { HistoryRecord } from '../../harness/history.ts';
import type { RunResult, StepResult } from '../../harness/result.ts';
import { t } from '../../harness/text.ts';
import type { ProxyLog } from '../evidence/proxy-log.ts';
import type { ToldRequests } from '../evidence/told-requests.ts';
import { bothInDrawing } from '../html/bilingual.ts';
import { type Html, html } from '../html/html.ts';
import { machineNames, versionNames, visitorRequests } from '../visitor-requests.ts';
import { type Badge, placeBadges } from './badges.ts';
import type { DrawingContext } from './drawing-context.ts';
import { layOut } from './layout.ts';
import { drawMachineLanes } from './machine-lanes.ts';
import { type Moment, momentsOf, outagesOf } from './moments.ts';
import { drawProxyLane } from './proxy-lane.ts';
import { makeScale, ticks } from './scale.ts';
import { stretchOf } from './stretch.ts';
import { drawVisitorLanes } from './visitor-lanes.ts';

const WIDTH = 1000;
const LEFT = 150;
const STEP_STRIP = 20;
const BADGE_LINE = 20;
const AXIS_HEIGHT = 26;

interface Drawing extends DrawingContext {
  readonly top: number;
}

export function drawTimeline(
  result: RunResult,
  history: readonly HistoryRecord[],
  told: ToldRequests,
  proxyLog: ProxyLog,
): Html {
  const { startMs, endMs } = stretchOf(history, result.durationMs);
  const scale = makeScale(LEFT, WIDTH - 12, startMs, endMs);
  const moments = momentsOf(history);
  const badges = placeBadges(moments, scale);
  const badgeLines = badges.reduce((lines, { line }) => Math.max(lines, line + 1), 0);
  const top = STEP_STRIP + badgeLines * BADGE_LINE + 8;
  const outages = outagesOf(history, endMs);
  const faults = outages.filter(({ label, to }) => label !== 'not-created' && to > startMs);
  const layout = layOut(history, faults, top);
  const drawing: Drawing = {
    scale,
    history,
    layout,
    outages,
    told,
    proxyLog,
    top,
    versions: versionNames(visitorRequests(history)),
    machines: machineNames(history),
  };
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${layout.bottom + AXIS_HEIGHT}" role="group" aria-labelledby="timeline-caption">
${hatching}
${stepStrip(result.steps, drawing)}
${axis(drawing)}
${badges.map(badge => drawBadge(badge, moments[badge.number - 1], drawing))}
${drawMachineLanes(drawing)}
${drawProxyLane(drawing)}
${drawVisitorLanes(drawing)}
</svg>`;
}

const hatching = html`<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" class="hatch"/></pattern></defs>`;

/** Judgements of the whole run are told as a last step that nobody did: it has no records. */
function stepStrip(steps: readonly StepResult[], { scale, layout, history }: Drawing): Html {
  const done = new Set(history.flatMap(record => (record.kind === 'step' ? record.step : [])));
  const label = bothInDrawing(t('steps', 'étapes'), `x="${LEFT - 12}" y="14" class="label"`);
  const strips = steps.map((step, index) => {
    if (!done.has(step.id)) return undefined;
    const from = scale.x(step.startedAt);
    const width = Math.max(1, scale.x(step.startedAt + step.durationMs) - from);
    const parity = index % 2 === 0 ? 'even' : 'odd';
    return html`<rect class="step ${parity}" x="${from}" y="0" width="${width.toFixed(1)}" height="${layout.bottom}"/>
<text class="step-number" x="${(from + width / 2).toFixed(1)}" y="14">${index + 1}</text>`;
  });
  return html`${strips}${steps.length > 0 ? label : undefined}`;
}

function axis({ scale, layout: { bottom } }: Drawing): Html {
  const lines = ticks(scale.startMs, scale.endMs).map(ms => {
    const x = scale.x(ms);
    const text = t(`${ms / 1000} s`, `${ms / 1000} s`.replace('.', ','));
    return html`<path class="tick" d="M${x} ${bottom}v5"/>${bothInDrawing(text, `x="${x}" y="${bottom + 19}" class="tick-label"`)}`;
  });
  return html`<path class="axis" d="M${scale.left} ${bottom}H${scale.right}"/>${lines}`;
}

function drawBadge(badge: Badge, moment_: Moment | undefined, drawing: Drawing): Html {
  const { top, layout } = drawing;
  const y = top - 16 - badge.line * BADGE_LINE;
  return html`<g class="moment"><title>${moment_?.what}</title><path d="M${badge.x} ${y + 9}V${layout.bottom}"/><circle cx="${badge.x}" cy="${y}" r="9"/><text x="${badge.x}" y="${y + 4}">${badge.number}</text></g>`;
}
