/** What is allowed but most likely a slip: twice the same address, a machine that nobody names. */
import { describeFrontend, frontendKey } from '../command/frontend-identity.ts';
import type { Backend } from '../command/requests.ts';
import { formatAddress, parseAddress } from '../shared/address.ts';
import type { Draft, Placed } from './draft.ts';
import type { Findings } from './findings.ts';

/** `expected`: addresses of machines that ought to be backends of some cluster. */
export function lint(findings: Findings, draft: Draft, expected: readonly string[]): void {
  refuseDoubleListeners(findings, draft);
  refuseDoubleFrontends(findings, draft);
  const backendsOf = byCluster(draft.backends);
  const frontendsOf = byCluster(draft.frontends);
  for (const { value, path } of draft.clusters) {
    const backends = backendsOf.get(value.id) ?? [];
    lintBackends(findings, value.id, backends, expected);
    if (backends.length === 0) {
      findings.warn(path, 'has no backends: every request is answered 503');
    } else if (backends.every(({ value: { weight } }) => weight === 0)) {
      findings.warn(path, 'has only backends of weight 0: every new visitor is answered 503');
    }
    if (value.stickySession) lintStickyIds(findings, backends);
    if (!frontendsOf.has(value.id)) {
      findings.warn(path, 'has no frontends: no request can reach it');
    }
  }
  const named = new Set(draft.backends.map(each => each.value.address));
  for (const address of expected.filter(each => !named.has(each))) {
    findings.warn([], `machine ${address} is expected but is a backend of no cluster`);
  }
}

/** Once for all clusters: there may be ten thousand. */
function byCluster<T extends { readonly clusterId: string | null }>(
  parts: readonly Placed<T>[],
): Map<string | null, Placed<T>[]> {
  const groups = new Map<string | null, Placed<T>[]>();
  for (const part of parts) {
    const group = groups.get(part.value.clusterId);
    if (group === undefined) groups.set(part.value.clusterId, [part]);
    else group.push(part);
  }
  return groups;
}

function refuseDoubleListeners(findings: Findings, draft: Draft): void {
  const seen = new Map<string, number>();
  for (const { value, path } of draft.listeners) {
    const first = seen.get(value.address);
    if (first === undefined) seen.set(value.address, findings.lineOf(path));
    else findings.error(path, `${value.address} is already a listener, on line ${first}`);
  }
}

function refuseDoubleFrontends(findings: Findings, draft: Draft): void {
  const seen = new Map<string, number>();
  for (const { value, path } of draft.frontends) {
    const key = frontendKey(value);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, findings.lineOf(path));
    else findings.error(path, `${describeFrontend(value)} stands already on line ${first}`);
  }
}

function lintBackends(
  findings: Findings,
  clusterId: string,
  backends: readonly Placed<Backend>[],
  expected: readonly string[],
): void {
  const addresses = backends.map(each => each.value.address);
  for (const [index, { value, path }] of backends.entries()) {
    const sameId = backends.findIndex(each => each.value.backendId === value.backendId);
    if (sameId < index && backends[sameId]?.value.address !== value.address) {
      findings.error(path, `backend "${value.backendId}" already stands at another address`);
    } else if (addresses.indexOf(value.address) < index) {
      const hint = whatWasMeant(addresses, value.address, expected);
      findings.warn(path, `${value.address} appears twice in cluster "${clusterId}"${hint}`);
    }
  }
}

/** Visitors of both would all come back to the first one. */
function lintStickyIds(findings: Findings, backends: readonly Placed<Backend>[]): void {
  const seen = new Map<string, string>();
  for (const { value, path } of backends) {
    const { backendId, stickyId = backendId } = value;
    const other = seen.get(stickyId);
    if (other !== undefined && other !== backendId) {
      findings.warn(path, `has the sticky id "${stickyId}" of backend "${other}"`);
    }
    seen.set(stickyId, other ?? backendId);
  }
}

/** A repeated last address in a run of numbers (.21 .22 .22) is nearly always the next one (.23). */
function whatWasMeant(
  addresses: readonly string[],
  address: string,
  expected: readonly string[],
): string {
  const absent = expected.filter(each => !addresses.includes(each));
  if (absent.length === 1) return `; did you mean ${absent[0]}?`;
  const next = neighbour(address, 1);
  const previous = neighbour(address, -1);
  const isRun = previous !== undefined && addresses.includes(previous);
  return isRun && next !== undefined && !addresses.includes(next)
    ? `; did you mean ${next}?`
    : '; it counts once';
}

function neighbour(address: string, step: number): string | undefined {
  const parsed = parseAddress(address);
  if (!parsed.ok || parsed.value.family === 6) return undefined;
  const octets = parsed.value.ip.split('.').map(Number);
  const last = (octets[3] ?? 0) + step;
  if (last < 1 || last > 254) return undefined;
  return formatAddress([...octets.slice(0, 3), last].join('.'), parsed.value.port);
}
