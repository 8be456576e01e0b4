/** Every metric that the proxy has, in the order in which they are told. */
import { backendFamilies } from './backend-metrics.ts';
import { clusterFamilies } from './cluster-metrics.ts';
import { isWithin, type MetricFamily, type MetricScope } from './metric-family.ts';
import { processFamilies } from './process-metrics.ts';

export const metricFamilies: readonly MetricFamily[] = [
  ...processFamilies,
  ...clusterFamilies,
  ...backendFamilies,
];

export function familiesOf(detail: MetricScope): MetricFamily[] {
  return metricFamilies.filter(({ scope }) => isWithin(scope, detail));
}
