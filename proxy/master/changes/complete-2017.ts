/** What requests of 2017 leave out: there was one HTTP listener, and no clusters of their own. */
import { describeFrontend, frontendKey } from '../../command/frontend-identity.ts';
import type {
  Frontend,
  FrontendAnywhere,
  KeepCluster,
  StateRequest,
} from '../../command/requests.ts';
import { ProxyError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { ConfigState } from '../../state/config-state.ts';

/** Without a listener: the only one there is; to be removed, the only one that has it. */
export function placed(
  state: ConfigState,
  { kind, frontend }: FrontendAnywhere,
): Result<StateRequest, ProxyError> {
  const { listener } = frontend;
  if (listener !== undefined) return ok({ kind, frontend: { ...frontend, listener } });
  const all = [...state.listeners.keys()];
  const fitting = all.filter(
    each => kind === 'add-frontend' || state.frontends.has(frontendKey(at(frontend, each))),
  );
  const [first, ...others] = fitting.length === 0 ? all.slice(0, 1) : fitting;
  if (first === undefined) return refused('there is no listener');
  if (others.length === 0) return ok({ kind, frontend: at(frontend, first) });
  const wanted = describeFrontend(at(frontend, first));
  return refused(`on which listener? ${fitting.join(' or ')} could have ${wanted}`);
}

function at(frontend: FrontendAnywhere['frontend'], listener: string): Frontend {
  return { ...frontend, listener };
}

/** Nothing about a known cluster changes but what is said. */
export function kept(state: ConfigState, { clusterId, stickySession }: KeepCluster): StateRequest {
  const known = state.clusters.get(clusterId)?.cluster;
  const cluster = known ?? { id: clusterId, loadBalancing: 'round-robin', answers: {} };
  return {
    kind: 'add-cluster',
    cluster: stickySession === undefined ? cluster : { ...cluster, stickySession },
  };
}

function refused(message: string): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_REQUEST_INVALID', message));
}
