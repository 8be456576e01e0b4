/** A backend is made ready only when it is well: this waits for its health checks, or says why not. */
import type { SetBackendAdmin } from '../../command/requests.ts';
import type { Prober } from '../../health/prober.ts';
import { ProxyError } from '../../shared/errors.ts';
import type { ConfigState } from '../../state/config-state.ts';
import { completeRequest } from '../changes/complete-request.ts';

export interface ProofTools {
  readonly state: ConfigState;
  readonly prober: Pick<Prober, 'prove'>;
}

/** Rejects with what the operator may do now; the backend is as it was before. */
export async function proveHealth(
  { state, prober }: ProofTools,
  request: SetBackendAdmin,
): Promise<void> {
  const { clusterId, address, whenHealthyMs } = request;
  if (whenHealthyMs === undefined) return;
  const completed = completeRequest(state, request);
  if (!completed.ok) throw completed.error;
  if (completed.value.kind !== 'add-backend') return;
  const { backendId } = completed.value.backend;
  const before = state.clusters.get(clusterId)?.backends.get(backendId)?.admin ?? 'ready';
  const proving = prober.prove({ clusterId, backendId, address }, whenHealthyMs);
  if (proving === undefined) throw refused(notChecked(clusterId, address, before));
  const end = await proving;
  if (end.proved) return;
  const stays = before === 'ready' ? 'is not well' : `stays in ${before}`;
  throw refused(
    `backend ${address} of cluster "${clusterId}" ${stays}: ${end.reason}. ` +
      'The others serve on; mend it or put the version of before on it, then say ready again',
  );
}

function notChecked(clusterId: string, address: string, admin: string): string {
  if (admin === 'maint') {
    return `backend ${address} is in maintenance and not checked; drain it instead, then its health is known`;
  }
  return `cluster "${clusterId}" has no health check that could tell: relais cluster health-check set -i ${clusterId} -u /health`;
}

function refused(message: string): ProxyError {
  return new ProxyError('PROXY_REQUEST_INVALID', message);
}
