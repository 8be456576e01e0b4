/** What a cluster would do with a request: which of its backends may serve it, and why not others. */
import type { ConsideredBackend, ExplainContent } from '../../command/explanation.ts';
import { describeMatch } from '../../command/frontend-identity.ts';
import type { BackendReport } from '../../command/replies.ts';
import type { Frontend } from '../../command/requests.ts';
import { CookieReader } from '../../http1/cookie-reader.ts';
import { DEFAULT_STICKY_NAME } from '../../net/admission/sticky-session.ts';
import type { ClusterState, ConfigState } from '../../state/config-state.ts';
import type { ImaginedRequest } from './imagined-request.ts';

export function explainCluster(
  state: ConfigState,
  request: ImaginedRequest,
  frontend: Frontend,
  reports: readonly BackendReport[],
): Pick<ExplainContent, 'outcome' | 'status'> & Partial<ExplainContent> {
  const { clusterId } = frontend;
  const where = describeMatch(frontend);
  if (clusterId === null) {
    return { status: 401, outcome: `401: frontend ${where} refuses whoever asks` };
  }
  const found = state.clusters.get(clusterId);
  if (found === undefined) {
    return { status: 503, outcome: `503: cluster ${clusterId} does not exist` };
  }
  const backends = reports.filter(each => each.clusterId === clusterId).map(judged);
  const { id, loadBalancing } = found.cluster;
  const told = { cluster: { id, loadBalancing, notes: notesOn(found, request) }, backends };
  const route = `frontend ${where} → cluster ${clusterId}`;
  const eligible = backends.filter(each => each.eligible);
  const names = eligible.map(({ backendId }) => backendId).join(', ');
  if (eligible.length > 0) return { ...told, status: 0, outcome: `${route} → ${names}` };
  return { ...told, status: 503, outcome: `503: ${route}, which has no eligible backend` };
}

function notesOn(found: ClusterState, request: ImaginedRequest): string[] {
  const { loadBalancing, hashKey = 'client-ip', stickySession = false } = found.cluster;
  const notes = stickySession ? [stickyNote(found, request)] : [];
  if (loadBalancing === 'rendezvous' || loadBalancing === 'maglev') {
    notes.push(`the same ${hashKey} leads to the same backend`);
  }
  return notes;
}

function stickyNote({ backends }: ClusterState, { head, listener }: ImaginedRequest): string {
  const name = listener.stickyName ?? DEFAULT_STICKY_NAME;
  const cookies = new CookieReader();
  if (!cookies.find(head, name))
    return `a visitor whose cookie ${name} names a backend stays there`;
  const value = head.bytes.toString('latin1', cookies.valueStart, cookies.valueEnd);
  const named = [...backends.values()].find(each => (each.stickyId ?? each.backendId) === value);
  if (named === undefined) return `its cookie ${name} names no backend`;
  return `its cookie ${name} names ${named.backendId}, which serves it as long as it can`;
}

/** The workers' own choice gives it a share or does not; the rest says why. */
function judged({ workers, ...report }: BackendReport): ConsideredBackend {
  const willing = workers.filter(each => each.sharePercent > 0).length;
  const eligible = willing > 0;
  if (!eligible) return { ...report, eligible, reason: whyNot(report, workers.length) };
  const some = willing < workers.length ? ` in ${willing} of ${workers.length} workers` : '';
  const trial = report.breaker === 'closed' ? '' : ', as the trial of its breaker';
  return { ...report, eligible, reason: `eligible${some}${trial}` };
}

function whyNot(report: Omit<BackendReport, 'workers'>, workers: number): string {
  const { admin, weight, breaker, retryInMs, healthy, backup } = report;
  if (workers === 0) return 'no worker has told about it';
  if (admin === 'leaving') return 'removed: it only finishes what it has';
  if (admin === 'drain') return 'in drain: it only finishes what it has';
  if (admin === 'maint') return 'in maintenance: it only finishes what it has, and is not checked';
  if (weight === 0) return 'weight 0: it gets no new request';
  if (breaker === 'half-open') return 'its breaker is half-open: one trial is under way';
  if (breaker === 'open') {
    return `its breaker is open for another ${(retryInMs / 1000).toFixed(1)} s`;
  }
  if (!healthy) return 'its health checks fail';
  if (backup) return 'a backup: others can serve';
  return 'others are preferred: a connect to it takes long';
}
