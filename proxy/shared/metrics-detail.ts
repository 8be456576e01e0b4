/** How finely metrics are told apart; each level includes the ones before. */
export type MetricsDetail = 'process' | 'cluster' | 'backend';

export const METRICS_DETAILS: readonly MetricsDetail[] = ['process', 'cluster', 'backend'];
