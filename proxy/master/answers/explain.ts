/**
 * Takes a request through the steps that a worker takes, with the worker's own code, and writes
 * down what each of them says: request rules, deny rules, frontends, cluster, backends.
 */

import type { Explain } from '../../command/control-requests.ts';
import type { ExplainContent } from '../../command/explanation.ts';
import { describeMatch } from '../../command/frontend-identity.ts';
import type { BackendReport } from '../../command/replies.ts';
import type { Frontend, Listener } from '../../command/requests.ts';
import { type Head, hostOf } from '../../http1/head.ts';
import { DenyRules } from '../../routing/deny-rules.ts';
import { type Considered, RouteTable } from '../../routing/route-table.ts';
import type { ProxyError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { ConfigState } from '../../state/config-state.ts';
import { explainCluster } from './explain-cluster.ts';
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
  return ok({ ...told, ...explainCluster(state, request, found, backends) });
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
