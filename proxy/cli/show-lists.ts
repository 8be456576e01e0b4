/** Listeners, clusters, frontends and health checks as tables for people. Pure. */
import { describeMatch } from '../command/frontend-identity.ts';
import type { ClustersContent, FrontendsContent, ListenersContent } from '../command/replies.ts';
import type { Cluster, HealthCheck, Listener } from '../command/requests.ts';
import { healthRules } from '../health/health-state.ts';
import { formatTable } from './table.ts';

export function showListeners({ listeners }: ListenersContent): string {
  const rows = listeners.map(({ config, active, connections, frontends }) => [
    config.address,
    active ? 'accepting' : 'resting',
    String(connections),
    String(config.maxConnections),
    String(frontends),
    timeouts(config),
    extras(config),
  ]);
  const heading = ['listener', 'state', 'connections', 'most per worker', 'frontends', 'timeouts'];
  return formatTable([[...heading, 'more'], ...rows]);
}

function timeouts(listener: Listener): string {
  const { frontTimeoutMs, requestTimeoutMs, connectTimeoutMs, backTimeoutMs } = listener;
  const parts: readonly (readonly [string, number])[] = [
    ['front', frontTimeoutMs],
    ['request', requestTimeoutMs],
    ['connect', connectTimeoutMs],
    ['back', backTimeoutMs],
  ];
  return parts.map(([name, ms]) => `${name} ${seconds(ms)}`).join(', ');
}

function extras(listener: Listener): string {
  const { deny = [], trustedProxies = [], clientRate, answers } = listener;
  const own = Object.keys(answers);
  const parts = [
    deny.length > 0 ? `deny ${deny.map(rule => rule.name).join(' ')}` : '',
    trustedProxies.length > 0 ? `trusts ${trustedProxies.join(' ')}` : '',
    clientRate === undefined ? '' : `${clientRate.perSecond}/s per client`,
    own.length > 0 ? `own answers ${own.join(' ')}` : '',
  ];
  return parts.filter(part => part !== '').join(', ') || '-';
}

/** `full`: also what is set of each. */
export function showClusters({ clusters }: ClustersContent, full: boolean): string {
  const rows = clusters.map(({ id, loadBalancing, frontends, backends }) => [
    id,
    loadBalancing,
    frontends.join(', ') || 'none',
    backends.join(', ') || 'none',
  ]);
  const table = formatTable([['cluster', 'load balancing', 'frontends', 'backends'], ...rows]);
  if (!full) return table;
  const details = clusters.map(({ config }) => `\n${config.id}: ${settingsOf(config)}\n`);
  return `${table}${details.join('')}`;
}

function settingsOf({ id: _, loadBalancing: __, answers, ...rest }: Cluster): string {
  const own = Object.keys(answers);
  const parts = Object.entries(rest).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  if (own.length > 0) parts.push(`own answers ${own.join(' ')}`);
  return parts.join(', ') || 'nothing but defaults';
}

export function showFrontends({ frontends }: FrontendsContent): string {
  const rows = frontends.map(frontend => [
    frontend.clusterId ?? 'refused, 401',
    frontend.listener,
    describeMatch(frontend),
    Object.entries(frontend.tags ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(' ') || '-',
  ]);
  return formatTable([['cluster', 'listener', 'requests', 'tags'], ...rows]);
}

export function showHealthChecks({ clusters }: ClustersContent): string {
  const rows = clusters.flatMap(({ id, config: { healthCheck } }) =>
    healthCheck === undefined ? [] : [[id, ...checkCells(healthCheck)]],
  );
  if (rows.length === 0) return '';
  const heading = ['cluster', 'uri', 'interval', 'timeout', 'healthy after', 'unhealthy after'];
  return formatTable([[...heading, 'expected status'], ...rows]);
}

function checkCells(check: HealthCheck): string[] {
  const rules = healthRules(check);
  return [
    rules.uri,
    seconds(rules.intervalMs),
    seconds(rules.timeoutMs),
    String(rules.healthyThreshold),
    String(rules.unhealthyThreshold),
    rules.expectedStatus === 0 ? 'any 2xx' : String(rules.expectedStatus),
  ];
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
