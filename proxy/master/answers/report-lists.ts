/** Clusters, frontends and listeners of the state, as far as they are asked for. Pure. */

import type { ListFrontends } from '../../command/control-requests.ts';
import { describeMatch } from '../../command/frontend-identity.ts';
import type { ClustersContent, FrontendsContent, ListenersContent } from '../../command/replies.ts';
import type { ProxyRequest } from '../../command/requests.ts';
import { ProxyError } from '../../shared/errors.ts';
import { suggest } from '../../shared/nearest.ts';
import type { ClusterState, ConfigState } from '../../state/config-state.ts';
import { isActive } from '../../state/listeners.ts';
import type { WorkerAnswer } from '../workers/worker-answer.ts';

/** @throws {ProxyError} PROXY_NOT_FOUND for a name that nothing has. */
export function reportClusters(
  state: ConfigState,
  { clusterId, hostname }: Omit<Extract<ProxyRequest, { kind: 'list-clusters' }>, 'kind'> = {},
): ClustersContent {
  checkCluster(state, clusterId);
  checkHost(state, hostname);
  const frontends = new Map<string, string[]>();
  const ofHost = new Set<string>();
  for (const frontend of state.frontends.values()) {
    const { clusterId: id } = frontend;
    if (id === null) continue;
    if (frontend.hostname === hostname) ofHost.add(id);
    const shown = `${describeMatch(frontend)} on ${frontend.listener}`;
    const known = frontends.get(id);
    if (known === undefined) frontends.set(id, [shown]);
    else known.push(shown);
  }
  const wanted = [...state.clusters.values()].filter(
    ({ cluster: { id } }) =>
      (clusterId === undefined || id === clusterId) && (hostname === undefined || ofHost.has(id)),
  );
  return { clusters: wanted.map(each => clusterReport(each, frontends)) };
}

function clusterReport(
  { cluster, backends }: ClusterState,
  frontends: ReadonlyMap<string, readonly string[]>,
): ClustersContent['clusters'][number] {
  return {
    id: cluster.id,
    loadBalancing: cluster.loadBalancing,
    frontends: frontends.get(cluster.id) ?? [],
    backends: [...backends.values()].map(backend => backend.address),
    config: cluster,
  };
}

/** @throws {ProxyError} PROXY_NOT_FOUND for a name that nothing has. */
export function reportFrontends(
  state: ConfigState,
  { listener, hostname, clusterId }: Omit<ListFrontends, 'kind'>,
): FrontendsContent {
  checkCluster(state, clusterId);
  checkHost(state, hostname);
  check('listener on', listener, [...state.listeners.keys()]);
  const frontends = [...state.frontends.values()].filter(
    each =>
      (listener === undefined || each.listener === listener) &&
      (hostname === undefined || each.hostname === hostname) &&
      (clusterId === undefined || each.clusterId === clusterId),
  );
  return { frontends };
}

export function reportListeners(
  state: ConfigState,
  answers: readonly WorkerAnswer[],
): ListenersContent {
  const connections = new Map<string, number>();
  for (const { answer } of answers) {
    if (answer.kind !== 'ok') continue;
    for (const { address, connections: more } of answer.snapshot?.listeners ?? []) {
      connections.set(address, (connections.get(address) ?? 0) + more);
    }
  }
  const frontends = new Map<string, number>();
  for (const { listener } of state.frontends.values()) {
    frontends.set(listener, (frontends.get(listener) ?? 0) + 1);
  }
  return {
    listeners: [...state.listeners.values()].map(config => ({
      config,
      active: isActive(config),
      connections: connections.get(config.address) ?? 0,
      frontends: frontends.get(config.address) ?? 0,
    })),
  };
}

function checkCluster(state: ConfigState, clusterId: string | undefined): void {
  check('cluster', clusterId, [...state.clusters.keys()]);
}

function checkHost(state: ConfigState, hostname: string | undefined): void {
  check('frontend for host', hostname, [
    ...new Set([...state.frontends.values()].map(each => each.hostname)),
  ]);
}

function check(what: string, name: string | undefined, known: readonly string[]): void {
  if (name === undefined || known.includes(name)) return;
  const message = `there is no ${what} "${name}"${suggest(name, known)}`;
  throw new ProxyError('PROXY_NOT_FOUND', message);
}
