/** Which cluster's health checks have to follow a change. */
import type { StateRequest } from '../../command/requests.ts';

/** Whose backends, or their health check, the request changes. */
export function clusterOf(request: StateRequest): string | undefined {
  switch (request.kind) {
    case 'add-cluster':
      return request.cluster.id;
    case 'add-backend':
      return request.backend.clusterId;
    case 'remove-cluster':
    case 'remove-backend':
      return request.clusterId;
    default:
      return undefined;
  }
}
