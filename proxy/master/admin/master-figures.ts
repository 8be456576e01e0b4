/** What the main process knows without asking a worker. */
import type { ConfigState } from '../../state/config-state.ts';
import type { MainFigures } from '../../telemetry/metrics-view.ts';

export type MasterFigures = Omit<MainFigures, 'version' | 'audit' | 'statsd' | 'adminAnswers'>;

export function masterFigures(
  state: ConfigState,
  more: Pick<MasterFigures, 'isStopping' | 'commandClients' | 'events'>,
): MasterFigures {
  let backends = 0;
  for (const cluster of state.clusters.values()) backends += cluster.backends.size;
  return {
    ...more,
    uptimeSeconds: process.uptime(),
    memoryBytes: process.memoryUsage.rss(),
    clusters: state.clusters.size,
    backends,
    frontends: state.frontends.size,
  };
}
