/** The metrics of clusters, and of the versions of the application in them. */
import type { ClusterTotals } from '../command/metrics-snapshots.ts';
import type { RegimeSnapshot } from '../command/snapshots.ts';
import type { Labels, MetricFamily, Sample } from './metric-family.ts';
import type { MetricsView } from './metrics-view.ts';
import { trafficFamilies } from './traffic-metrics.ts';

const scope = 'cluster' as const;

/** Answers of the proxy itself that Sōzu counts by their status. */
const ownStatuses = ['502', '503', '504'] as const;

function labelsOf(id: string): Labels {
  return [['cluster', id]];
}

function perCluster(
  key: string,
  type: 'gauge' | 'counter',
  help: string,
  value: (cluster: ClusterTotals) => number,
): MetricFamily {
  return { key, scope, type, help, samples: view => clusterSamples(view, value) };
}

function* clusterSamples(
  { metrics }: MetricsView,
  value: (cluster: ClusterTotals) => number,
): Generator<Sample> {
  for (const cluster of metrics.clusters) {
    yield { labels: labelsOf(cluster.id), value: value(cluster) };
  }
}

function countBackends(
  key: string,
  help: string,
  counts: (backend: MetricsView['backends'][number]) => boolean,
): MetricFamily {
  return {
    key,
    scope,
    type: 'gauge',
    help,
    samples: ({ backends }) => {
      const sums = new Map<string, number>();
      for (const backend of backends) {
        const { clusterId } = backend;
        sums.set(clusterId, (sums.get(clusterId) ?? 0) + (counts(backend) ? 1 : 0));
      }
      return labelled(sums);
    },
  };
}

function regimes(
  key: string,
  help: string,
  count: (regime: RegimeSnapshot) => number,
): MetricFamily {
  return {
    key,
    scope,
    type: 'counter',
    help,
    samples: ({ workers }) => {
      const sums = new Map<string, number>();
      for (const regime of workers.flatMap(({ snapshot }) => snapshot?.regimes ?? [])) {
        sums.set(regime.clusterId, (sums.get(regime.clusterId) ?? 0) + count(regime));
      }
      return labelled(sums);
    },
  };
}

function* labelled(sums: Iterable<readonly [string, number]>): Generator<Sample> {
  for (const [id, value] of sums) yield { labels: labelsOf(id), value };
}

export const clusterFamilies: readonly MetricFamily[] = [
  countBackends(
    'cluster.available_backends',
    'Backends that are ready, healthy and not cut off by their breaker, on every worker.',
    backend => backend.available,
  ),
  countBackends('cluster.total_backends', 'Backends that workers know.', () => true),
  countBackends(
    'health_check.healthy_backends',
    'Backends that every worker takes for healthy.',
    backend => backend.healthy,
  ),
  perCluster(
    'http.active_requests',
    'gauge',
    'Requests in progress at backends.',
    cluster => cluster.activeRequests,
  ),
  ...trafficFamilies(
    scope,
    'one cluster',
    ({ metrics }) => metrics.clusters,
    ({ id }) => labelsOf(id),
    ({ traffic }) => traffic,
  ),
  ...ownStatuses.map(status =>
    perCluster(
      `http.${status}.errors`,
      'counter',
      `Answers ${status} that the proxy gave itself.`,
      ({ own }) => own.answers[status] ?? 0,
    ),
  ),
  perCluster(
    'retries',
    'counter',
    'Requests that went to another backend after one that may have worked on them.',
    cluster => cluster.retries,
  ),
  perCluster(
    'retries_refused',
    'counter',
    'Retries that were not made because the budget was spent.',
    cluster => cluster.retriesRefused,
  ),
  regimes(
    'backends.fail_open',
    'Choices of a backend without regard to health: none was healthy.',
    regime => regime.failOpenTotal,
  ),
  regimes(
    'backends.panic',
    'Choices of a backend without regard to health: too few were available.',
    regime => regime.panicTotal,
  ),
  ...trafficFamilies(
    scope,
    'one version',
    ({ metrics }) => metrics.versions,
    ({ clusterId, version }) => [
      ['cluster', clusterId],
      ['version', version],
    ],
    ({ metrics }) => metrics.traffic,
    key => `version.${key}`,
  ),
];
