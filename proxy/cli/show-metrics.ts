/** What was counted, as tables for people. Pure. */
import type { MetricsContent } from '../command/metrics-snapshots.ts';
import { quantileMs } from '../metrics/histogram.ts';
import { answersOfClass, type TrafficSnapshot } from '../metrics/traffic.ts';
import { plural } from '../shared/plural.ts';
import { formatTable } from './table.ts';

/** The columns, each with what it means. */
export const METRIC_NAMES: readonly (readonly [name: string, meaning: string])[] = [
  ['active', 'requests in progress'],
  ['requests', 'requests that ended'],
  ['2xx', 'answers that say that all is well'],
  ['3xx', 'redirects'],
  ['4xx', 'answers that blame the client'],
  ['5xx', 'answers that blame the server'],
  ['cuts', 'answers that broke off'],
  ['p50', 'half of the requests took no longer'],
  ['p99', '99 of 100 requests took no longer'],
  ['p99.9', '999 of 1,000 requests took no longer'],
  ['in', 'bytes from clients'],
  ['out', 'bytes to clients'],
];

/** What is shown when nobody says what. */
const usual = ['active', 'requests', '2xx', '3xx', '4xx', '5xx', 'p50', 'p99', 'in', 'out'];

export interface MetricsFilter {
  readonly names?: readonly string[];
  readonly clusters?: readonly string[];
  /** By id or address. */
  readonly backends?: readonly string[];
  readonly withClusters: boolean;
}

/** Only what fits the filter. */
export function narrowed(content: MetricsContent, filter: MetricsFilter): MetricsContent {
  const { clusters: wanted, backends, withClusters } = filter;
  const ofCluster = (id: string): boolean =>
    withClusters && (wanted === undefined || wanted.includes(id));
  return {
    ...content,
    clusters: content.clusters.filter(({ id }) => ofCluster(id)),
    versions: content.versions.filter(({ clusterId }) => ofCluster(clusterId)),
    backends: content.backends.filter(
      ({ clusterId, backendId, address }) =>
        ofCluster(clusterId) &&
        (backends === undefined || backends.includes(backendId) || backends.includes(address)),
    ),
  };
}

export function showMetrics(
  content: MetricsContent,
  { names = usual }: Partial<MetricsFilter> = {},
): string {
  const { listeners, clusters, backends, versions, accessLog } = content;
  const tables = [
    table(
      names,
      ['listener'],
      listeners,
      each => [each.address],
      each => each.traffic,
    ),
    table(
      names,
      ['cluster'],
      clusters,
      each => [each.id],
      each => each.traffic,
    ),
    table(
      names,
      ['cluster', 'version'],
      versions,
      each => [each.clusterId, each.version],
      each => each.metrics.traffic,
    ),
    table(
      names,
      ['cluster', 'backend', 'address'],
      backends,
      each => [each.clusterId, each.backendId, each.address],
      each => each.metrics.traffic,
    ),
  ];
  const shown = tables.filter(text => text !== '').join('\n');
  const { linesWritten, linesDropped } = accessLog;
  if (linesWritten === 0) return shown;
  const lost = linesDropped === 0 ? '' : `, ${linesDropped} of them dropped`;
  return `${shown}\naccess log: ${plural(linesWritten, 'line')}${lost}\n`;
}

function table<T extends { readonly activeRequests: number }>(
  names: readonly string[],
  keys: readonly string[],
  rows: readonly T[],
  keysOf: (row: T) => readonly string[],
  trafficOf: (row: T) => TrafficSnapshot,
): string {
  if (rows.length === 0) return '';
  return formatTable([
    [...keys, ...names],
    ...rows.map(row => [
      ...keysOf(row),
      ...names.map(name => cell(name, row.activeRequests, trafficOf(row))),
    ]),
  ]);
}

function cell(name: string, active: number, traffic: TrafficSnapshot): string {
  const { requests, cuts, latency, bytesIn, bytesOut } = traffic;
  if (name === 'active') return String(active);
  if (name === 'requests') return String(requests);
  if (name === 'cuts') return String(cuts);
  if (name === 'in') return bytes(bytesIn);
  if (name === 'out') return bytes(bytesOut);
  if (!name.startsWith('p')) return String(answersOfClass(traffic, Number(name[0])));
  if (requests === 0) return '-';
  return milliseconds(quantileMs(latency, Number(name.slice(1)) / 100));
}

function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(2)} ms`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function bytes(count: number): string {
  let amount = count;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit] ?? ''}`;
}
