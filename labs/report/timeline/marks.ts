/**
 * Marks of requests: coloured by machine, filled by version, shaped by outcome. One that the page
 * tells in detail is a link to that; the others share marks where they would cover each other.
 */
import { duration, moment } from '../../harness/figures.ts';
import type { RequestRecord } from '../../harness/history.ts';
import type { ProxyLog } from '../evidence/proxy-log.ts';
import { type Outcome, outcomeOf } from '../evidence/request-outcome.ts';
import type { ToldRequest, ToldRequests } from '../evidence/told-requests.ts';
import { type Html, html, trusted } from '../html/html.ts';
import { endOf } from '../visitor-requests.ts';
import { type Scale, snap } from './scale.ts';
import { isCross, shapeAt } from './shapes.ts';

/** Colours beside the position and the letter, never instead of them. */
const MACHINE_COLOURS = 8;
const VERSION_FILLS = 3;

export interface MarkContext {
  readonly scale: Scale;
  readonly machines: readonly string[];
  readonly versions: readonly string[];
  readonly told: ToldRequests;
  readonly proxyLog: ProxyLog;
}

export interface MarkStyle {
  /** Half the width. */
  readonly radius: number;
  readonly y: (request: RequestRecord) => number;
  /** With the letter of the machine and a tooltip. */
  readonly isRich: boolean;
}

export function colourOf(machine: string | undefined, machines: readonly string[]): string {
  return machine === undefined ? 'mnone' : `m${machines.indexOf(machine) % MACHINE_COLOURS}`;
}

/** A, B, … in the order of the lab; '' behind Z. */
export function letterOf(machine: string | undefined, machines: readonly string[]): string {
  const index = machine === undefined ? -1 : machines.indexOf(machine);
  return index < 0 || index > 25 ? '' : String.fromCharCode(65 + index);
}

/**
 * `requests` are of one machine, or of none. A screen reader gets the list of requests below the
 * drawing instead: hundreds of marks are nothing to listen to.
 */
export function drawMarks(
  requests: readonly RequestRecord[],
  style: MarkStyle,
  context: MarkContext,
): Html {
  const told = requests.flatMap(request => context.told.find(request) ?? []);
  const others = requests.filter(request => context.told.find(request) === undefined);
  const marks = told.map(one => drawTold(one, style, context));
  return html`<g aria-hidden="true">${mergedMarks(others, style, context)}${marks}</g>`;
}

function drawTold(told: ToldRequest, style: MarkStyle, context: MarkContext): Html {
  const { request, outcome, id } = told;
  const [x, y] = [context.scale.x(endOf(request)), style.y(request)];
  const path = html`<path class="${classOf(request, outcome, context)}" d="${shapeAt(outcome, x, y, style.radius)}"/>`;
  if (!style.isRich) return html`<a href="#${id}" tabindex="-1">${path}</a>`;
  const letter = isCross(outcome) ? '' : letterOf(request.machine, context.machines);
  const text = letter === '' ? undefined : html`<text x="${x}" y="${y + 2.5}">${letter}</text>`;
  return html`<a href="#${id}" tabindex="-1">${path}${text}<title>${tooltip(told)}</title></a>`;
}

/** In no language: names, numbers and units. */
function tooltip({ request }: ToldRequest): string {
  const { visitor, number, status, error, machine, startedAt, durationMs } = request;
  const by = machine === undefined ? '' : ` · ${machine}`;
  const outcome = status ?? error ?? '–';
  return `${visitor} #${number} · ${moment(startedAt).en} · ${outcome}${by} · ${duration(durationMs).en}`;
}

function classOf(request: RequestRecord, outcome: Outcome, { versions }: MarkContext): string {
  if (isCross(outcome)) return 'failed';
  const version = request.version === undefined ? 0 : versions.indexOf(request.version);
  return `mark f${Math.max(0, version) % VERSION_FILLS}`;
}

function mergedMarks(
  requests: readonly RequestRecord[],
  style: MarkStyle,
  context: MarkContext,
): Html {
  const paths = new Map<string, Set<string>>();
  for (const request of requests) {
    const outcome = outcomeIn(request, context);
    const x = snap(context.scale.x(endOf(request)));
    const y = snap(style.y(request));
    const shape = shapeAt(outcome, x, style.isRich ? y : style.y(request), style.radius);
    const name = classOf(request, outcome, context);
    const known = paths.get(name) ?? new Set();
    paths.set(name, known.add(shape));
  }
  return html`${[...paths].map(
    ([name, shapes]) => html`<path class="${name}" d="${trusted([...shapes].join(''))}"/>`,
  )}`;
}

function outcomeIn(request: RequestRecord, { proxyLog }: MarkContext): Outcome {
  const { requestId } = request;
  return outcomeOf(request, requestId === undefined ? undefined : proxyLog.get(requestId));
}
