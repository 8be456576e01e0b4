/** What was counted, as tables for people. Pure. */
import type { MetricsContent } from '../command/metrics-snapshots.ts';
import { quantileMs } from '../metrics/histogram.ts';
import { answersOfClass, type TrafficSnapshot } from '../metrics/traffic.ts';
import { plural } from '../shared/plural.ts';
import { formatTable } from './table.ts';

const columns = ['active', 'requests', '2xx', '3xx', '4xx', '5xx', 'p50', 'p99', 'in', 'out'];

export function showMetrics(content: MetricsContent): string {
  const { listeners, clusters, backends, versions, accessLog } = content;
  const tables = [
    table(
      ['listener'],
      listeners,
      each => [each.address],
      each => each.traffic,
    ),
    table(
      ['cluster'],
      clusters,
      each => [each.id],
      each => each.traffic,
    ),
    table(
      ['cluster', 'version'],
      versions,
      each => [each.clusterId, each.version],
      each => each.metrics.traffic,
    ),
    table(
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
  rows: readonly T[],
  nameOf: (row: T) => readonly string[],
  trafficOf: (row: T) => TrafficSnapshot,
): string {
  if (rows.length === 0) return '';
  return formatTable([
    [...names, ...columns],
    ...rows.map(row => [
      ...nameOf(row),
      String(row.activeRequests),
      ...trafficCells(trafficOf(row)),
    ]),
  ]);
}

function trafficCells(traffic: TrafficSnapshot): string[] {
  const { requests, latency, bytesIn, bytesOut } = traffic;
  return [
    String(requests),
    ...[2, 3, 4, 5].map(digit => String(answersOfClass(traffic, digit))),
    requests === 0 ? '-' : milliseconds(quantileMs(latency, 0.5)),
    requests === 0 ? '-' : milliseconds(quantileMs(latency, 0.99)),
    bytes(bytesIn),
    bytes(bytesOut),
  ];
}

function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(2)} ms`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

function bytes(count: number): string {
  let amount = count;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit] ?? ''}`;
}
