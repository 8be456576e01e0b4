/**
 * Metrics as lines for a statsd server, named as Sōzu names them:
 *
 *     relais.http.requests:12|c                          a counter: what came since the last round
 *     relais.cluster.web.http.active_requests:3|g        a gauge: what is now
 *     relais.cluster.web.request_time:1.7|ms|@0.01       a hundred times, on average 1.7 ms
 *     relais.http.requests,version=0.1.0,cluster_id=web:12|c           the same with tags
 */
import { Histogram, type HistogramSnapshot, quantileMs } from '../metrics/histogram.ts';
import type { MetricsDetail } from '../shared/metrics-detail.ts';
import { histogramSince } from './histogram-since.ts';
import { familiesOf } from './metric-catalogue.ts';
import { type Labels, type MetricFamily, type Sample, scopedKey } from './metric-family.ts';
import type { MetricsView } from './metrics-view.ts';

export interface StatsdNaming {
  readonly prefix: string;
  readonly tagged: boolean;
}

/** A gauge that did not change is told again now and then: the packet may have been lost. */
const REPEAT_GAUGES_EVERY = 10;

/** Labels that refine a metric stand behind its name, those that say whose it is in front. */
const refining: ReadonlySet<string> = new Set(['code', 'failure', 'kind', 'rule']);
/** The backend's id is enough of a name, and listeners are added up. */
const unnamed: ReadonlySet<string> = new Set(['address', 'listener']);

const tagNames: Readonly<Record<string, string>> = {
  cluster: 'cluster_id',
  backend: 'backend_id',
  version: 'app_version',
};

type Value = Sample['value'];

/** Remembers what was told, so that counters are told as what came since. */
export class StatsdLines {
  readonly #naming: StatsdNaming;
  #told = new Map<string, Value>();
  #round = 0;

  constructor(naming: StatsdNaming) {
    this.#naming = naming;
  }

  /** Must be run to its end: then this is what the next round compares with. */
  *next(view: MetricsView, detail: MetricsDetail): Generator<string> {
    const now = new Map<string, Value>();
    for (const family of familiesOf(detail)) {
      for (const [name, value] of this.#summed(family, view)) {
        now.set(name, value);
        yield* this.#linesOf(family, name, value);
      }
    }
    // What is not there any more is forgotten, such as a removed cluster.
    this.#told = now;
    this.#round += 1;
  }

  #summed(family: MetricFamily, view: MetricsView): Map<string, Value> {
    const sums = new Map<string, Value>();
    for (const { labels, value } of family.samples(view)) {
      const name = this.#naming.tagged
        ? taggedName(this.#naming.prefix, family, labels, view.main.version)
        : plainName(this.#naming.prefix, family, labels);
      const before = sums.get(name);
      sums.set(name, before === undefined ? value : sum(before, value));
    }
    return sums;
  }

  *#linesOf({ type }: MetricFamily, name: string, value: Value): Generator<string> {
    const before = this.#told.get(name);
    if (typeof value !== 'number') {
      yield* timingLines(name, histogramSince(value, before as HistogramSnapshot | undefined));
    } else if (type === 'counter') {
      // Less than before: a worker ended and took its counts along.
      const delta = Math.max(0, value - ((before as number | undefined) ?? 0));
      if (delta > 0) yield `${name}:${delta}|c`;
    } else if (value !== before || this.#round % REPEAT_GAUGES_EVERY === 0) {
      yield `${name}:${value}|g`;
    }
  }
}

/** One line for all times of the round: their mean, and as rate one in how many it is. */
function* timingLines(name: string, times: HistogramSnapshot): Generator<string> {
  if (times.count === 0) return;
  const mean = times.sumMs / times.count;
  const rate = times.count === 1 ? '' : `|@${Number((1 / times.count).toPrecision(6))}`;
  yield `${name}:${milliseconds(mean)}|ms${rate}`;
  const [plain = '', tags] = name.split(/,(.*)/s);
  const end = tags === undefined ? '' : `,${tags}`;
  yield `${plain}.p50${end}:${milliseconds(quantileMs(times, 0.5))}|g`;
  yield `${plain}.p99${end}:${milliseconds(quantileMs(times, 0.99))}|g`;
}

function milliseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function sum(a: Value, b: Value): Value {
  if (typeof a === 'number') return a + (typeof b === 'number' ? b : 0);
  const both = new Histogram();
  both.merge(a);
  if (typeof b !== 'number') both.merge(b);
  return both.snapshot();
}

function plainName(prefix: string, family: MetricFamily, labels: Labels): string {
  const isVersion = labels.some(([name]) => name === 'version') && family.scope === 'cluster';
  const owners = labels.filter(
    ([name]) => !refining.has(name) && !unnamed.has(name) && (name !== 'version' || isVersion),
  );
  const refined = labels.filter(([name]) => refining.has(name));
  const key = isVersion ? family.key.replace(/^version\./, '') : family.key;
  return [
    prefix,
    ...owners.flatMap(([name, value]) => [name, namePart(value)]),
    key,
    ...refined.map(([, value]) => namePart(value)),
  ].join('.');
}

function taggedName(prefix: string, family: MetricFamily, labels: Labels, version: string): string {
  const tags = [['version', version] as const, ...labels.map(tagOf)];
  const shown = tags.map(([name, value]) => `${name}=${tagPart(value)}`).join(',');
  return `${prefix}.${scopedKey(family)},${shown}`;
}

function tagOf([name, value]: Labels[number]): readonly [string, string] {
  return [tagNames[name] ?? name, value];
}

/** A dot would begin another part of the name, a colon end it. */
function namePart(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_') || '_';
}

function tagPart(text: string): string {
  return text.replace(/[^A-Za-z0-9_.:/[\]-]/g, '_').replaceAll(':', '_') || '_';
}
