/** A change in words, for the reply, and as events, for those who watch. */
import type { EventBody } from '../../command/events.ts';
import { describeFrontend } from '../../command/frontend-identity.ts';
import type { Backend, DataPlaneSettings, StateRequest } from '../../command/requests.ts';
import { assertNever } from '../../shared/assert-never.ts';

export function describeChange(request: StateRequest): string {
  switch (request.kind) {
    case 'configure':
      return 'settings changed';
    case 'add-listener':
      return `listener ${request.listener.address} added`;
    case 'update-listener':
      return `listener ${request.listener.address} updated`;
    case 'remove-listener':
      return `listener ${request.address} removed`;
    case 'activate-listener':
      return `listener ${request.address} activated`;
    case 'deactivate-listener':
      return `listener ${request.address} deactivated`;
    case 'add-cluster':
      return `cluster "${request.cluster.id}" added`;
    case 'remove-cluster':
      return `cluster "${request.clusterId}" removed`;
    case 'add-frontend':
      return `${describeFrontend(request.frontend)} added`;
    case 'remove-frontend':
      return `${describeFrontend(request.frontend)} removed`;
    case 'add-backend':
      return describeBackend(request.backend);
    case 'remove-backend':
      return `backend ${request.address} removed from cluster "${request.clusterId}"`;
    default:
      return assertNever(request);
  }
}

function describeBackend({ address, clusterId, admin }: Backend): string {
  const what = `backend ${address} added to cluster "${clusterId}"`;
  if (admin === undefined) return what;
  return `${what}, in ${admin === 'maint' ? 'maintenance' : admin}`;
}

export function eventOf(request: StateRequest): EventBody {
  switch (request.kind) {
    case 'configure':
      return { kind: 'settings-changed', cause: describeSettings(request.settings) };
    case 'add-listener':
      return { kind: 'listener-added', address: request.listener.address };
    case 'update-listener':
      return { kind: 'listener-updated', address: request.listener.address };
    case 'remove-listener':
      return { kind: 'listener-removed', address: request.address };
    case 'activate-listener':
      return { kind: 'listener-activated', address: request.address };
    case 'deactivate-listener':
      return { kind: 'listener-deactivated', address: request.address };
    case 'add-cluster':
      return { kind: 'cluster-added', clusterId: request.cluster.id };
    case 'remove-cluster':
      return { kind: 'cluster-removed', clusterId: request.clusterId };
    case 'add-frontend':
    case 'remove-frontend': {
      const { listener, clusterId } = request.frontend;
      const kind = request.kind === 'add-frontend' ? 'frontend-added' : 'frontend-removed';
      const cause = describeFrontend(request.frontend);
      const body = { kind, address: listener, cause } as const;
      return clusterId === null ? body : { ...body, clusterId };
    }
    case 'add-backend': {
      const { clusterId, backendId, address } = request.backend;
      return { kind: 'backend-added', clusterId, backendId, address };
    }
    case 'remove-backend': {
      const { clusterId, address, backendId } = request;
      const body = { kind: 'backend-removed', clusterId, address } as const;
      return backendId === undefined ? body : { ...body, backendId };
    }
    default:
      return assertNever(request);
  }
}

/** What is set, in the words of the requests; nothing but defaults has none. */
function describeSettings(settings: DataPlaneSettings): string {
  const parts = Object.entries(settings).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return parts.length === 0 ? 'all settings have their defaults' : `now ${parts.join(', ')}`;
}
