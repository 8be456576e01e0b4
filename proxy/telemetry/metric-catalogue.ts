/** Every metric that the proxy has, in the order in which they are told. */
import type { MetricsDetail } from '../shared/metrics-detail.ts';
import { backendFamilies } from './backend-metrics.ts';
import { clusterFamilies } from './cluster-metrics.ts';
import { isWithin, type MetricFamily } from './metric-family.ts';
import { processFamilies } from './process-metrics.ts';

export const metricFamilies: readonly MetricFamily[] = [
  ...processFamilies,
  ...clusterFamilies,
  ...backendFamilies,
];

export function familiesOf(detail: MetricsDetail): MetricFamily[] {
  return metricFamilies.filter(({ scope }) => isWithin(scope, detail));
}
