/** The metrics of single backends. */
import type { BackendMetricsEntry } from '../command/metrics-snapshots.ts';
import type { BreakerState } from '../command/snapshots.ts';
import type { BackendCounter } from '../metrics/backend-metrics.ts';
import type { Labels, MetricFamily, Sample } from './metric-family.ts';
import type { BackendView, MetricsView } from './metrics-view.ts';
import { trafficFamilies } from './traffic-metrics.ts';

const scope = 'backend' as const;

type Place = Pick<BackendView, 'clusterId' | 'backendId' | 'address' | 'version'>;

function labelsOf({ clusterId, backendId, address, version }: Place): Labels {
  const place: Labels = [
    ['cluster', clusterId],
    ['backend', backendId],
    ['address', address],
  ];
  return version === '' ? place : [...place, ['version', version]];
}

function now(key: string, help: string, value: (backend: BackendView) => number): MetricFamily {
  return {
    key,
    scope,
    type: 'gauge',
    help,
    samples: ({ backends }) => eachOf(backends, value),
  };
}

function total(
  key: string,
  help: string,
  value: (entry: BackendMetricsEntry) => number,
): MetricFamily {
  return {
    key,
    scope,
    type: 'counter',
    help,
    samples: ({ metrics }) => eachOf(metrics.backends, value),
  };
}

function* eachOf<T extends Place>(rows: Iterable<T>, value: (row: T) => number): Generator<Sample> {
  for (const row of rows) yield { labels: labelsOf(row), value: value(row) };
}

const breakerNumber: Readonly<Record<BreakerState, number>> = {
  closed: 0,
  'half-open': 1,
  open: 2,
};

const failures: readonly (readonly [string, BackendCounter])[] = [
  ['refused', 'connectsRefused'],
  ['reset', 'connectsReset'],
  ['unreachable', 'connectsUnreachable'],
  ['silent', 'connectsSilent'],
  ['other', 'connectsFailedOtherwise'],
];

function* connectFailures({ metrics }: MetricsView): Generator<Sample> {
  for (const entry of metrics.backends) {
    const labels = labelsOf(entry);
    for (const [failure, counter] of failures) {
      yield { labels: [...labels, ['failure', failure]], value: entry.metrics[counter] };
    }
  }
}

export const backendFamilies: readonly MetricFamily[] = [
  now('backend.available', '1 when every worker would send a request to it.', backend =>
    backend.available ? 1 : 0,
  ),
  now('backend.healthy', '1 when health checks find nothing wrong, or there are none.', backend =>
    backend.healthy ? 1 : 0,
  ),
  now(
    'backend.breaker',
    'The circuit breaker: 0 closed, 1 half-open, 2 open.',
    backend => breakerNumber[backend.breaker],
  ),
  now('backend.weight', 'Its weight.', backend => backend.weight),
  now(
    'backend.connections',
    'Connections that are open, idle ones included.',
    backend => backend.activeRequests + backend.idleConnections,
  ),
  now('backend.pool.size', 'Connections that are idle.', backend => backend.idleConnections),
  now('active_requests', 'Requests in progress.', backend => backend.activeRequests),
  total(
    'backend.pool.hit',
    'Requests on a connection that had carried one before.',
    entry => entry.metrics.reusedConnections,
  ),
  total('backend.pool.miss', 'Connects that succeeded.', entry => entry.metrics.connects),
  {
    key: 'backend.connections.error',
    scope,
    type: 'counter',
    help: 'Connects that failed, by how they failed.',
    samples: connectFailures,
  },
  total(
    'failed_tries',
    'Requests, or connects for one, that it did not answer.',
    entry => entry.metrics.failedTries,
  ),
  total('backend.down', 'How often its breaker opened.', entry => entry.metrics.breakerOpened),
  total('backend.up', 'How often its breaker closed.', entry => entry.metrics.breakerClosed),
  total(
    'health_check.down',
    'How often health checks took it out.',
    entry => entry.metrics.turnedUnhealthy,
  ),
  total(
    'health_check.up',
    'How often health checks brought it back.',
    entry => entry.metrics.turnedHealthy,
  ),
  ...trafficFamilies(
    scope,
    'one backend',
    ({ metrics }) => metrics.backends,
    labelsOf,
    ({ metrics }) => metrics.traffic,
  ),
];
