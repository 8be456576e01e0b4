/** The only way a state changes. A request that fails leaves the state as it was. */
import { isDeepStrictEqual } from 'node:util';
import { describeFrontend, frontendKey } from '../command/frontend-identity.ts';
import type {
  Backend,
  Cluster,
  DataPlaneSettings,
  Frontend,
  StateRequest,
} from '../command/requests.ts';
import { assertNever } from '../shared/assert-never.ts';
import type { ProxyError } from '../shared/errors.ts';
import { suggest } from '../shared/nearest.ts';
import { ok, type Result } from '../shared/result.ts';
import type { ClusterState, ConfigState } from './config-state.ts';
import { addListener, removeListener, switchListener, updateListener } from './listeners.ts';
import { done, exists, missing, noted, type Outcome } from './outcome.ts';
import { put, take, undoAll } from './undoable-map.ts';

export function apply(state: ConfigState, request: StateRequest): Outcome {
  switch (request.kind) {
    case 'configure':
      return configure(state, request.settings);
    case 'add-listener':
      return addListener(state, request.listener);
    case 'update-listener':
      return updateListener(state, request.listener);
    case 'remove-listener':
      return removeListener(state, request.address);
    case 'activate-listener':
    case 'deactivate-listener':
      return switchListener(state, request);
    case 'add-cluster':
      return addCluster(state, request.cluster);
    case 'remove-cluster':
      return removeCluster(state, request.clusterId);
    case 'add-frontend':
      return addFrontend(state, request.frontend);
    case 'remove-frontend':
      return removeFrontend(state, request.frontend);
    case 'add-backend':
      return addBackend(state, request.backend);
    case 'remove-backend':
      return removeBackends(state, request.clusterId, request.address, request.backendId);
    default:
      return assertNever(request);
  }
}

/** The id that a backend gets when nobody names one: the one it has, or else its address. */
export function backendIdAt(state: ConfigState, clusterId: string, address: string): string {
  const backends = state.clusters.get(clusterId)?.backends.values() ?? [];
  for (const backend of backends) if (backend.address === address) return backend.backendId;
  return address;
}

function configure(state: ConfigState, settings: DataPlaneSettings): Outcome {
  const before = state.settings;
  state.settings = settings;
  return done({ kind: 'configure', settings }, () => {
    state.settings = before;
  });
}

/** Upsert, as in Sōzu: the policy and answers of a cluster change under its backends. */
function addCluster(state: ConfigState, cluster: Cluster): Outcome {
  const backends = state.clusters.get(cluster.id)?.backends;
  const undo = put(state.clusters, cluster.id, { cluster, backends: backends ?? new Map() });
  const request = { kind: 'add-cluster', cluster } as const;
  if (backends === undefined) return done(request, undo);
  return noted(request, 'already present; updated', undo);
}

function removeCluster(state: ConfigState, clusterId: string): Outcome {
  const found = findCluster(state, clusterId);
  if (!found.ok) return found;
  const frontends = [...state.frontends.values()].filter(each => each.clusterId === clusterId);
  const undos = frontends.map(frontend => take(state.frontends, frontendKey(frontend)));
  undos.push(take(state.clusters, clusterId));
  return ok({
    undo: () => undoAll(undos),
    effects: [
      ...frontends.map(frontend => ({ kind: 'remove-frontend', frontend }) as const),
      ...[...found.value.backends.values()].map(removal),
      { kind: 'remove-cluster', clusterId },
    ],
  });
}

function addFrontend(state: ConfigState, frontend: Frontend): Outcome {
  if (!state.listeners.has(frontend.listener)) {
    const near = suggest(frontend.listener, [...state.listeners.keys()]);
    return missing(`there is no listener on ${frontend.listener}${near}`);
  }
  if (frontend.clusterId !== null) {
    const cluster = findCluster(state, frontend.clusterId);
    if (!cluster.ok) return cluster;
  }
  const present = state.frontends.get(frontendKey(frontend));
  if (present !== undefined) {
    return exists(`${describeFrontend(present)} already ${whereTo(present)}`);
  }
  return done(
    { kind: 'add-frontend', frontend },
    put(state.frontends, frontendKey(frontend), frontend),
  );
}

function removeFrontend(state: ConfigState, frontend: Frontend): Outcome {
  const present = state.frontends.get(frontendKey(frontend));
  if (present === undefined || present.clusterId !== frontend.clusterId) {
    const known = [...state.frontends.values()].map(describeFrontend);
    const wanted = describeFrontend(frontend);
    if (present === undefined) return missing(`there is no ${wanted}${suggest(wanted, known)}`);
    return missing(`${wanted} ${whereTo(present)}, it is not one that ${whereTo(frontend)}`);
  }
  return done(
    { kind: 'remove-frontend', frontend: present },
    take(state.frontends, frontendKey(frontend)),
  );
}

function addBackend(state: ConfigState, backend: Backend): Outcome {
  const found = findCluster(state, backend.clusterId);
  if (!found.ok) return found;
  const { backends } = found.value;
  const present = backends.get(backend.backendId);
  if (present !== undefined && present.address !== backend.address) {
    return exists(
      `backend "${backend.backendId}" of cluster "${backend.clusterId}" is at ${present.address}; ` +
        'remove it first or choose another id',
    );
  }
  const undo = put(backends, backend.backendId, backend);
  const request = { kind: 'add-backend', backend } as const;
  if (present === undefined) return done(request, undo);
  // The request still goes to the workers: a machine that came back gets its chance at once.
  return noted(request, `already present; ${changeOf(present, backend)}`, undo);
}

/** All options are replaced, the admin state among them: whoever adds a backend wants it used. */
function changeOf(before: Backend, after: Backend): string {
  if (before.admin !== undefined && after.admin === undefined) {
    return `updated; it ${RESTS[before.admin]} and is ready again`;
  }
  return isDeepStrictEqual(before, after) ? 'breaker reset' : 'updated';
}

const RESTS = { drain: 'was in drain', maint: 'was in maintenance' } as const;

function removeBackends(
  state: ConfigState,
  clusterId: string,
  address: string,
  backendId: string | undefined,
): Outcome {
  const found = findCluster(state, clusterId);
  if (!found.ok) return found;
  const all = [...found.value.backends.values()];
  const gone = backendsAt(all, address, backendId);
  if (gone.length === 0) return missing(noSuchBackend(all, clusterId, address, backendId));
  const undos = gone.map(({ backendId: id }) => take(found.value.backends, id));
  const removed = { effects: gone.map(removal), undo: () => undoAll(undos) };
  return ok(gone.length === 1 ? removed : { ...removed, note: `removed ${gone.length} backends` });
}

/** The first backend that the words fit. */
export function findBackend(
  state: ConfigState,
  clusterId: string,
  address: string,
  backendId: string | undefined,
): Result<Backend, ProxyError> {
  const cluster = findCluster(state, clusterId);
  if (!cluster.ok) return cluster;
  const all = [...cluster.value.backends.values()];
  const [found] = backendsAt(all, address, backendId);
  return found === undefined
    ? missing(noSuchBackend(all, clusterId, address, backendId))
    : ok(found);
}

/** Without an id: every backend at the address. */
function backendsAt(
  all: readonly Backend[],
  address: string,
  backendId: string | undefined,
): Backend[] {
  return all.filter(
    each => each.address === address && (backendId ?? each.backendId) === each.backendId,
  );
}

function noSuchBackend(
  all: readonly Backend[],
  clusterId: string,
  address: string,
  backendId: string | undefined,
): string {
  if (all.length === 0) return `cluster "${clusterId}" has no backends`;
  const here = all.filter(each => each.address === address).map(each => each.backendId);
  if (backendId !== undefined && here.length > 0) {
    return `no backend "${backendId}" at ${address} in cluster "${clusterId}"${suggest(backendId, here)}`;
  }
  const addresses = [...new Set(all.map(each => each.address))];
  return `no backend at ${address} in cluster "${clusterId}"${suggest(address, addresses)}`;
}

export function findCluster(state: ConfigState, id: string): Result<ClusterState, ProxyError> {
  const cluster = state.clusters.get(id);
  if (cluster !== undefined) return ok(cluster);
  return missing(`there is no cluster "${id}"${suggest(id, [...state.clusters.keys()])}`);
}

function removal({ clusterId, address, backendId }: Backend): StateRequest {
  return { kind: 'remove-backend', clusterId, address, backendId };
}

function whereTo({ clusterId }: Frontend): string {
  return clusterId === null ? 'refuses requests' : `leads to cluster "${clusterId}"`;
}
