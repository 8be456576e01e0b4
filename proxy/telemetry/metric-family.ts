/** What a metric is: its name as Sōzu has it, what it measures, whom it is about. */
import type { HistogramSnapshot } from '../metrics/histogram.ts';
import { METRICS_DETAILS, type MetricsDetail } from '../shared/metrics-detail.ts';
import type { MetricsView } from './metrics-view.ts';

/** `histogram` has the unit seconds; its samples hold a snapshot. */
export type MetricType = 'counter' | 'gauge' | 'histogram';

export type Labels = readonly (readonly [name: string, value: string])[];

export interface Sample {
  readonly labels: Labels;
  readonly value: number | HistogramSnapshot;
}

export interface MetricFamily {
  /** As Sōzu spells it, with dots; what has no equivalent there is spelled in the same way. */
  readonly key: string;
  /** Whom its samples are about: needs at least this detail. */
  readonly scope: MetricsDetail;
  readonly type: MetricType;
  /** Of the value; the name ends with it. */
  readonly unit?: 'seconds' | 'bytes';
  /** One sentence, without quotes and backslashes: the two formats escape them differently. */
  readonly help: string;
  readonly samples: (view: MetricsView) => Iterable<Sample>;
}

/** `cluster.http.requests` and `http.requests` are two metrics: a sum over both would be double. */
export function scopedKey({ key, scope }: Pick<MetricFamily, 'key' | 'scope'>): string {
  return scope === 'process' || key.startsWith(`${scope}.`) ? key : `${scope}.${key}`;
}

/** Without the `_total` of a counter's samples. */
export function familyName(family: Pick<MetricFamily, 'key' | 'scope' | 'unit'>): string {
  const name = `relais_${scopedKey(family).replaceAll('.', '_')}`;
  return family.unit === undefined || name.endsWith(`_${family.unit}`)
    ? name
    : `${name}_${family.unit}`;
}

/** True when samples of this scope are wanted at that level of detail. */
export function isWithin(scope: MetricsDetail, detail: MetricsDetail): boolean {
  return METRICS_DETAILS.indexOf(scope) <= METRICS_DETAILS.indexOf(detail);
}
