/** The metrics of the whole proxy: main process, workers, listeners. */
import type { WorkerStatus } from '../command/replies.ts';
import type { WorkerSnapshot } from '../command/snapshots.ts';
import type { MetricFamily, Sample } from './metric-family.ts';
import type { MetricsView } from './metrics-view.ts';
import { trafficFamilies } from './traffic-metrics.ts';

type Of = (view: MetricsView) => number;

const scope = 'process' as const;

function gauge(key: string, help: string, value: Of, unit?: 'seconds' | 'bytes'): MetricFamily {
  const samples = (view: MetricsView): Sample[] => [{ labels: [], value: value(view) }];
  const base = { key, scope, type: 'gauge', help, samples } as const;
  return unit === undefined ? base : { ...base, unit };
}

function counter(key: string, help: string, value: Of): MetricFamily {
  const samples = (view: MetricsView): Sample[] => [{ labels: [], value: value(view) }];
  return { key, scope, type: 'counter', help, samples };
}

function perWorker(
  key: string,
  type: 'gauge' | 'counter',
  help: string,
  value: (snapshot: WorkerSnapshot) => number,
): MetricFamily {
  return { key, scope, type, help, samples: view => workerSamples(view.workers, value) };
}

function* workerSamples(
  workers: readonly WorkerStatus[],
  value: (snapshot: WorkerSnapshot) => number,
): Generator<Sample> {
  for (const { workerId, snapshot } of workers) {
    if (snapshot === undefined) continue;
    yield { labels: [['worker', String(workerId)]], value: value(snapshot) };
  }
}

function* counted(label: string, counts: Iterable<readonly [string, number]>): Generator<Sample> {
  for (const [name, value] of counts) yield { labels: [[label, name]], value };
}

/** Over all workers. */
function* denied({ workers }: MetricsView): Generator<Sample> {
  const sums = new Map<string, number>();
  for (const { snapshot } of workers) {
    for (const [rule, count] of Object.entries(snapshot?.deniedTotal ?? {})) {
      sums.set(rule, (sums.get(rule) ?? 0) + count);
    }
  }
  yield* counted('rule', sums);
}

function overWorkers(
  { workers }: MetricsView,
  count: (snapshot: WorkerSnapshot) => number,
): number {
  return workers.reduce((sum, { snapshot }) => sum + (snapshot ? count(snapshot) : 0), 0);
}

const mainFamilies: readonly MetricFamily[] = [
  {
    key: 'build_info',
    scope,
    type: 'gauge',
    help: 'Always 1; the label names the version of the proxy.',
    samples: ({ main }) => [{ labels: [['version', main.version]], value: 1 }],
  },
  gauge(
    'process.uptime_seconds',
    'Time since the main process began.',
    ({ main }) => main.uptimeSeconds,
    'seconds',
  ),
  gauge('server.live', '1, and 0 once the proxy stops.', ({ main }) => (main.isStopping ? 0 : 1)),
  gauge(
    'process.resident_memory',
    'Memory of the main process.',
    ({ main }) => main.memoryBytes,
    'bytes',
  ),
  gauge('configuration.clusters', 'Clusters of the state.', ({ main }) => main.clusters),
  gauge('configuration.backends', 'Backends of the state.', ({ main }) => main.backends),
  gauge('configuration.frontends', 'Frontends of the state.', ({ main }) => main.frontends),
  gauge('command.clients', 'Connections on the command socket.', ({ main }) => main.commandClients),
  {
    key: 'events',
    scope,
    type: 'counter',
    help: 'Events by kind, as the verb events shows them.',
    samples: ({ main }) => counted('kind', main.events),
  },
  {
    key: 'admin.answers',
    scope,
    type: 'counter',
    help: 'Answers of the admin API by status.',
    samples: ({ main }) => counted('code', main.adminAnswers),
  },
  counter('audit.lines', 'Lines given to the audit log.', ({ main }) => main.audit.lines),
  counter(
    'audit.lines_dropped',
    'Lines that the audit log could not take.',
    ({ main }) => main.audit.dropped,
  ),
  counter(
    'statsd.packets',
    'Packets sent to the statsd server.',
    ({ main }) => main.statsd.packets,
  ),
  counter(
    'statsd.failures',
    'Packets that could not be sent to the statsd server.',
    ({ main }) => main.statsd.failures,
  ),
];

const workerFamilies: readonly MetricFamily[] = [
  {
    key: 'worker.up',
    scope,
    type: 'gauge',
    help: '1 when the worker runs and answers.',
    samples: ({ workers }) =>
      workers.map(({ workerId, runState, snapshot }) => ({
        labels: [['worker', String(workerId)]] as const,
        value: runState === 'running' && snapshot !== undefined ? 1 : 0,
      })),
  },
  {
    key: 'worker.in_sync',
    scope,
    type: 'gauge',
    help: '0 when the configuration of the worker is not what it should be.',
    samples: ({ workers }) =>
      workers.flatMap(({ workerId, inSync }) =>
        inSync === 'unknown'
          ? []
          : [{ labels: [['worker', String(workerId)]], value: inSync === 'yes' ? 1 : 0 }],
      ),
  },
  perWorker(
    'worker.client.connections',
    'gauge',
    'Client connections of one worker.',
    snapshot => snapshot.clientConnections,
  ),
  perWorker(
    'worker.http.active_requests',
    'gauge',
    'Requests in progress in one worker.',
    snapshot => snapshot.activeRequests,
  ),
  perWorker('worker.accepting', 'gauge', '0 while a limit stops the accepting.', snapshot =>
    snapshot.limits.accepting ? 1 : 0,
  ),
];

const connectionFamilies: readonly MetricFamily[] = [
  gauge(
    'client.connections',
    'Client connections that are open.',
    ({ metrics }) => metrics.connections.open,
  ),
  gauge(
    'websocket.active_requests',
    'Connections that changed their protocol and are open.',
    ({ metrics }) => metrics.connections.tunnels,
  ),
  counter(
    'listener.connection_capped',
    'Connections that were closed as they were accepted, because of a limit.',
    ({ metrics }) => metrics.connections.refused,
  ),
  counter(
    'sessions.evicted',
    'Idle connections that were closed to make room.',
    ({ metrics }) => metrics.connections.evicted,
  ),
  counter(
    'accept_queue.backpressure',
    'How often a limit has stopped the accepting.',
    ({ metrics }) => metrics.connections.acceptPauses,
  ),
  counter('http.429.errors', 'Requests beyond a limit, answered 429.', view =>
    overWorkers(view, ({ limits }) => limits.limitedTotal),
  ),
  {
    key: 'http.denied',
    scope,
    type: 'counter',
    help: 'Requests that met a deny rule, by its name.',
    samples: denied,
  },
  counter(
    'access_logs.count',
    'Lines given to the access log.',
    ({ metrics }) => metrics.accessLog.linesWritten,
  ),
  counter(
    'unsent_access_logs',
    'Lines that the access log could not take.',
    ({ metrics }) => metrics.accessLog.linesDropped,
  ),
];

const listenerFamilies: readonly MetricFamily[] = trafficFamilies(
  scope,
  'one listener',
  ({ metrics }) => metrics.listeners,
  ({ address }) => [['listener', address]],
  ({ traffic }) => traffic,
);

const listenerActive: MetricFamily = {
  key: 'http.active_requests',
  scope,
  type: 'gauge',
  help: 'Requests in progress on one listener.',
  samples: ({ metrics }) =>
    metrics.listeners.map(({ address, activeRequests }) => ({
      labels: [['listener', address]] as const,
      value: activeRequests,
    })),
};

export const processFamilies: readonly MetricFamily[] = [
  ...mainFamilies,
  ...workerFamilies,
  ...connectionFamilies,
  listenerActive,
  ...listenerFamilies,
];
