/**
 * Takes a request through the steps that a worker takes, with the worker's own code, and writes
 * down what each of them says: request rules, deny rules, frontends, cluster, backends.
 */
import type { ConsideredBackend, ExplainContent } from '../command/explanation.ts';
import { describeMatch } from '../command/frontend-identity.ts';
import type { BackendReport } from '../command/replies.ts';
import type { Cluster, Explain, Frontend, Listener } from '../command/requests.ts';
import { type Head, hostOf } from '../http1/head.ts';
import { DenyRules } from '../routing/deny-rules.ts';
import { type Considered, RouteTable } from '../routing/route-table.ts';
import type { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { ConfigState } from '../state/config-state.ts';
import { type ImaginedRequest, imagineRequest } from './imagined-request.ts';
import { nearestFrontend } from './nearest-frontend.ts';

/** More frontends of other hosts than this say nothing to a reader. */
const MAX_OTHER_HOSTS = 20;

type Answer = Pick<ExplainContent, 'outcome' | 'status'>;

/** `backends`: those of all clusters, as the workers see them now. */
export function explain(
  state: ConfigState,
  asked: Explain,
  backends: readonly BackendReport[],
): Result<ExplainContent, ProxyError> {
  const imagined = imagineRequest(state, asked);
  if (!imagined.ok) return err(imagined.error);
  const request = imagined.value;
  if (request.refusal !== 0) return ok(refused(request));
  const { head, listener } = request;
  const denyRules = askDenyRules(listener, head);
  const { found, considered } = tableOf(state, listener).trace(
    listener.address,
    hostOf(head),
    head,
  );
  const told = { ...common(request), denyRules, ...listed(considered) };
  const met = denyRules.find(rule => rule.met);
  if (met !== undefined) {
    return ok({ ...told, status: 403, outcome: `403: it meets the deny rule "${met.name}"` });
  }
  if (typeof found === 'string') {
    const near = nearestFrontend(considered, request);
    return ok({ ...told, ...unrouted[found], ...(near === undefined ? {} : { nearest: near }) });
  }
  return ok({ ...told, ...served(state, listener, found, backends) });
}

const unrouted: Readonly<Record<'no-frontend' | 'ambiguous-path', Answer>> = {
  'no-frontend': { status: 404, outcome: '404: no frontend serves it' },
  'ambiguous-path': {
    status: 400,
    outcome: '400: the path has a dot segment, and frontends of this host look at the path',
  },
};

function common(request: ImaginedRequest): Omit<ExplainContent, keyof Answer> {
  const { method, target, listener, head } = request;
  return {
    method,
    host: hostOf(head),
    target,
    listener: listener.address,
    denyRules: [],
    frontends: [],
    omitted: 0,
    backends: [],
  };
}

function refused(request: ImaginedRequest): ExplainContent {
  const { refusal } = request;
  const outcome = `${refusal}: the request breaks the rules of HTTP or of the proxy's limits`;
  return { ...common(request), status: refusal, outcome };
}

function askDenyRules({ deny = [] }: Listener, head: Head): ExplainContent['denyRules'] {
  return deny.map(rule => ({
    name: rule.name,
    met: new DenyRules([rule]).find(head) !== undefined,
  }));
}

function tableOf(state: ConfigState, { address }: Listener): RouteTable<Frontend> {
  const table = new RouteTable<Frontend>();
  for (const frontend of state.frontends.values()) {
    if (frontend.listener === address) table.add(frontend);
  }
  return table;
}

function listed(
  considered: readonly Considered<Frontend>[],
): Pick<ExplainContent, 'frontends' | 'omitted'> {
  let others = 0;
  const shown = considered.filter(
    ({ verdict }) => verdict !== 'other-host' || ++others <= MAX_OTHER_HOSTS,
  );
  const frontends = shown.map(({ route, verdict }) => ({
    frontend: describeMatch(route),
    clusterId: route.clusterId,
    verdict,
  }));
  return { frontends, omitted: considered.length - shown.length };
}

function served(
  state: ConfigState,
  listener: Listener,
  frontend: Frontend,
  reports: readonly BackendReport[],
): Answer & Partial<ExplainContent> {
  const { clusterId } = frontend;
  const where = describeMatch(frontend);
  if (clusterId === null) {
    return { status: 401, outcome: `401: frontend ${where} refuses whoever asks` };
  }
  const cluster = state.clusters.get(clusterId)?.cluster;
  if (cluster === undefined) {
    return { status: 503, outcome: `503: cluster ${clusterId} does not exist` };
  }
  const backends = reports.filter(each => each.clusterId === clusterId).map(judged);
  const { id, loadBalancing } = cluster;
  const told = { cluster: { id, loadBalancing, notes: notesOn(cluster, listener) }, backends };
  const route = `frontend ${where} → cluster ${clusterId}`;
  const eligible = backends.filter(each => each.eligible);
  const names = eligible.map(({ backendId }) => backendId).join(', ');
  if (eligible.length > 0) return { ...told, status: 0, outcome: `${route} → ${names}` };
  return { ...told, status: 503, outcome: `503: ${route}, which has no eligible backend` };
}

function notesOn(cluster: Cluster, listener: Listener): string[] {
  const { loadBalancing, hashKey = 'client-ip', stickySession = false } = cluster;
  const notes: string[] = [];
  if (stickySession) {
    const name = listener.stickyName ?? 'RELAISBALANCEID';
    notes.push(`a visitor whose cookie ${name} names a backend stays with it`);
  }
  if (loadBalancing === 'rendezvous' || loadBalancing === 'maglev') {
    notes.push(`the same ${hashKey} leads to the same backend`);
  }
  return notes;
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
  if (admin === 'draining') return 'removed: it only finishes what it has';
  if (weight === 0) return 'weight 0: it gets no new request';
  if (breaker === 'half-open') return 'its breaker is half-open: one trial is under way';
  if (breaker === 'open') {
    return `its breaker is open for another ${(retryInMs / 1000).toFixed(1)} s`;
  }
  if (!healthy) return 'its health checks fail';
  if (backup) return 'a backup: others can serve';
  return 'others are preferred: a connect to it takes long';
}
