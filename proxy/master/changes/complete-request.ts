/** Requests that leave something out or change one thing only → what is done to the state. */
import type {
  ChangeRequest,
  SetBackendAdmin,
  SetWeight,
  StateRequest,
} from '../../command/requests.ts';
import { ProxyError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { backendIdAt, findBackend } from '../../state/apply.ts';
import type { ConfigState } from '../../state/config-state.ts';
import { kept, placed } from './complete-2017.ts';
import { patched } from './patches.ts';

export function completeRequest(
  state: ConfigState,
  request: ChangeRequest,
): Result<StateRequest, ProxyError> {
  switch (request.kind) {
    case 'set-weight':
      return withWeight(state, request);
    case 'set-backend-admin':
      return withAdmin(state, request);
    case 'patch-listener':
    case 'patch-cluster':
    case 'patch-settings':
      return patched(state, request);
    case 'add-frontend':
    case 'remove-frontend':
      return placed(state, request);
    case 'keep-cluster':
      return ok(kept(state, request));
    case 'add-backend': {
      const { clusterId, address, backendId } = request.backend;
      const id = backendId ?? backendIdAt(state, clusterId, address);
      return ok({ kind: 'add-backend', backend: { ...request.backend, backendId: id } });
    }
    default:
      return ok(request);
  }
}

function withWeight(
  state: ConfigState,
  { clusterId, address, backendId, weight }: SetWeight,
): Result<StateRequest, ProxyError> {
  const found = findBackend(state, clusterId, address, backendId);
  return found.ok ? ok({ kind: 'add-backend', backend: { ...found.value, weight } }) : found;
}

function withAdmin(
  state: ConfigState,
  { clusterId, address, backendId, admin }: SetBackendAdmin,
): Result<StateRequest, ProxyError> {
  const found = findBackend(state, clusterId, address, backendId);
  if (!found.ok) return found;
  const rivals = [...(state.clusters.get(clusterId)?.backends.values() ?? [])]
    .filter(each => each.address === address && backendId === undefined)
    .map(each => each.backendId);
  if (rivals.length > 1) {
    const message = `cluster "${clusterId}" has ${rivals.length} backends at ${address}: which one, ${rivals.join(' or ')}?`;
    return err(new ProxyError('PROXY_REQUEST_INVALID', message));
  }
  const { admin: _, ...ready } = found.value;
  return ok({ kind: 'add-backend', backend: admin === 'ready' ? ready : { ...ready, admin } });
}
