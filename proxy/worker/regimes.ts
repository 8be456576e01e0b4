/** What to tell when a cluster's requests begin, or cease, to go to unhealthy backends. */
import type { Regime } from '../balancing/backend-set.ts';
import type { EventBody } from '../command/events.ts';

export function describeRegime(clusterId: string, regime: Regime): EventBody {
  switch (regime) {
    case 'fail-open':
      return {
        kind: 'fail-open-entered',
        clusterId,
        cause: 'warning: no backend passes its health check; requests go to unhealthy ones',
      };
    case 'panic':
      return {
        kind: 'panic-entered',
        clusterId,
        cause: 'warning: too few backends are available; health checks do not count for now',
      };
    case 'normal':
      return { kind: 'health-respected', clusterId, cause: 'health checks count again' };
  }
}
