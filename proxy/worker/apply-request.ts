/** One state request → the change of a worker's data plane. */
import type { BackendRuntime } from '../balancing/backend-runtime.ts';
import { describeFrontend } from '../command/frontend-identity.ts';
import type {
  Backend,
  DataPlaneSettings,
  Frontend,
  Listener,
  StateRequest,
} from '../command/requests.ts';
import type { ListenerRuntime } from '../net/listener/listener.ts';
import type { ClusterRuntime } from '../net/session/data-plane-view.ts';
import type { BackendOutcomes } from '../net/upstream/backend-outcomes.ts';
import type { UpstreamPool } from '../net/upstream/upstream-pool.ts';
import type { RouteTable } from '../routing/route-table.ts';
import { assertNever } from '../shared/assert-never.ts';
import { ProxyError, type ProxyErrorCode } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { ClusterTable, Update } from './cluster-table.ts';
import type { ListenerTable } from './listener-table.ts';

export interface Tables {
  readonly routes: RouteTable<Frontend>;
  readonly clusters: ClusterTable;
  readonly outcomes: BackendOutcomes;
  readonly upstreams: UpstreamPool;
  readonly configure: (settings: DataPlaneSettings) => void;
  readonly listeners: ListenerTable;
  readonly requestEnded: (backend: BackendRuntime) => void;
}

type Applied = Result<undefined, ProxyError>;
const DONE: Applied = ok(undefined);

export function applyRequest(tables: Tables, request: StateRequest): Applied {
  switch (request.kind) {
    case 'configure':
      tables.configure(request.settings);
      return DONE;
    case 'add-listener':
      return addListener(tables.listeners, request.listener);
    case 'update-listener':
      return withListener(tables.listeners, request.listener.address, listener =>
        listener.change(request.listener),
      );
    case 'remove-listener':
      return withListener(tables.listeners, request.address, listener =>
        tables.listeners.remove(listener),
      );
    case 'activate-listener':
      // Its socket comes behind, in a message of its own.
      return withListener(tables.listeners, request.address, () => undefined);
    case 'deactivate-listener':
      return withListener(tables.listeners, request.address, listener => listener.stopAccepting());
    case 'add-cluster':
      tables.clusters.put(request.cluster);
      return DONE;
    case 'remove-cluster':
      return removeCluster(tables, request.clusterId);
    case 'add-frontend':
      return addFrontend(tables, request.frontend);
    case 'remove-frontend':
      if (tables.routes.remove(request.frontend)) return DONE;
      return refused('PROXY_NOT_FOUND', `${describeFrontend(request.frontend)} does not exist`);
    case 'add-backend':
      return addBackend(tables, request.backend);
    case 'remove-backend':
      return removeBackend(tables, request);
    default:
      return assertNever(request);
  }
}

function addListener(listeners: ListenerTable, listener: Listener): Applied {
  if (listeners.find(listener.address) !== undefined) {
    return refused('PROXY_ALREADY_EXISTS', `listener ${listener.address} exists`);
  }
  listeners.add(listener);
  return DONE;
}

function withListener(
  listeners: ListenerTable,
  address: string,
  change: (listener: ListenerRuntime) => void,
): Applied {
  const listener = listeners.find(address);
  if (listener === undefined) {
    return refused('PROXY_NOT_FOUND', `listener ${address} does not exist`);
  }
  change(listener);
  return DONE;
}

function addFrontend({ routes }: Tables, frontend: Frontend): Applied {
  const added = routes.add(frontend);
  if (added.ok) return added;
  return refused(added.error.code, `${describeFrontend(frontend)}: ${added.error.message}`);
}

function addBackend(tables: Tables, wanted: Backend): Applied {
  const cluster = tables.clusters.find(wanted.clusterId);
  if (cluster === undefined) return noCluster(wanted.clusterId);
  const known = tables.clusters.findBackend(wanted);
  if (known === undefined) tables.clusters.addBackend(cluster, wanted);
  else {
    const update = tables.clusters.updateBackend(cluster, known, wanted);
    if (!known.options.reusesConnections) tables.upstreams.closeIdle(known);
    if (known.admin === 'ready') welcome(tables, known, update);
    else if (update.before !== known.admin) sendAway(tables, known, known.admin === 'maint');
  }
  tables.outcomes.refresh(cluster.id);
  return DONE;
}

function welcome(
  { outcomes }: Tables,
  backend: BackendRuntime,
  { before, sameOptions }: Update,
): void {
  if (before === 'drain' || before === 'maint') {
    // What was seen before the operator's work says nothing of the machine as it is now.
    backend.isMute = false;
    outcomes.reset(backend, 'the backend is ready again');
  } else if (sameOptions || backend.breaker.state !== 'closed') {
    // Another weight says nothing of the backend's health; adding it once more does.
    outcomes.reset(backend, 'the backend was added again');
  }
}

/** Called once nobody chooses it any more. `unchecked`: nobody checks its health from now on. */
function sendAway(
  { upstreams, requestEnded }: Tables,
  backend: BackendRuntime,
  unchecked: boolean,
): void {
  // Who waits for a machine that answers nobody goes elsewhere now: nobody will find out for them.
  if (unchecked && backend.isMute) upstreams.abandon(backend);
  else upstreams.closeIdle(backend);
  upstreams.sendAway(backend);
  requestEnded(backend);
}

function removeBackend(
  tables: Tables,
  { clusterId, address, backendId }: StateRequest & { kind: 'remove-backend' },
): Applied {
  const cluster = tables.clusters.find(clusterId);
  if (cluster === undefined) return noCluster(clusterId);
  const leaving = cluster.backends.all.filter(
    backend =>
      backend.address === address && (backendId === undefined || backend.backendId === backendId),
  );
  if (leaving.length === 0) {
    return refused('PROXY_NOT_FOUND', `cluster ${clusterId} has no backend at ${address}`);
  }
  takeOut(tables, cluster, leaving);
  tables.outcomes.refresh(clusterId);
  return DONE;
}

function removeCluster(tables: Tables, clusterId: string): Applied {
  const cluster = tables.clusters.find(clusterId);
  if (cluster === undefined) return noCluster(clusterId);
  takeOut(tables, cluster, [...cluster.backends.all]);
  tables.clusters.remove(clusterId);
  return DONE;
}

/** First all of them, then their requests: none may go from one that leaves to another. */
function takeOut(
  tables: Tables,
  cluster: ClusterRuntime,
  leaving: readonly BackendRuntime[],
): void {
  for (const backend of leaving) tables.clusters.takeOut(cluster, backend);
  for (const backend of leaving) sendAway(tables, backend, true);
}

function noCluster(clusterId: string): Applied {
  return refused('PROXY_NOT_FOUND', `cluster ${clusterId} does not exist`);
}

function refused(code: ProxyErrorCode, message: string): Applied {
  return err(new ProxyError(code, message));
}
