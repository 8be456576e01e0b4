/** Frontends that never get a request: twice the same, or behind one that takes everything. */
import { describeFrontend, describeMatch, frontendKey } from '../command/frontend-identity.ts';
import type { Frontend } from '../command/requests.ts';
import type { Placed } from './draft.ts';
import type { Findings, KeyPath } from './findings.ts';

type PlacedFrontend = Placed<Frontend>;

export function refuseDoubleFrontends(
  findings: Findings,
  frontends: readonly PlacedFrontend[],
): void {
  const seen = new Map<string, KeyPath>();
  for (const { value, path } of frontends) {
    const key = frontendKey(value);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, path);
    else {
      const line = findings.lineOf(first);
      findings.error(path, `${describeFrontend(value)} stands already on line ${line}`, {
        why: 'one of the two would never get a request',
        fix: 'remove one, or give them different paths or methods',
      });
    }
  }
}

/**
 * PRE frontends are asked first, in their order; then the tree; then POST. So whatever a PRE
 * frontend takes whole is never asked for behind it, and POST gets what the tree leaves.
 */
export function warnOfUnreachable(findings: Findings, frontends: readonly PlacedFrontend[]): void {
  const before = new Takers();
  for (const position of ['pre', 'tree', 'post'] as const) {
    const here = frontends.filter(({ value }) => (value.position ?? 'tree') === position);
    for (const each of here) {
      const taker = before.find(each.value);
      if (taker !== undefined) warn(findings, each, taker);
      if (position !== 'tree') before.add(each);
    }
    // In the tree the more specific one wins: nobody takes anything from the others of the tree.
    if (position === 'tree') for (const each of here) before.add(each);
  }
}

function warn(findings: Findings, { path }: PlacedFrontend, taker: PlacedFrontend): void {
  const line = findings.lineOf(taker.path);
  findings.warn(path, `gets no request: ${describeMatch(taker.value)} on line ${line} takes all`, {
    why: 'PRE frontends come first, in the order of the file; then the tree; then POST',
    fix: 'remove it, put it before the other one, or make the other one narrower',
  });
}

/** Those that come first, by listener and host. */
class Takers {
  readonly #byHost = new Map<string, PlacedFrontend[]>();

  add(frontend: PlacedFrontend): void {
    const { listener, hostname } = frontend.value;
    const key = `${listener} ${hostname}`;
    const present = this.#byHost.get(key);
    if (present === undefined) this.#byHost.set(key, [frontend]);
    else present.push(frontend);
  }

  find({ listener, ...wanted }: Frontend): PlacedFrontend | undefined {
    if (this.#byHost.size === 0) return undefined;
    for (const host of hostsAround(wanted.hostname)) {
      const found = this.#byHost
        .get(`${listener} ${host}`)
        ?.find(
          ({ value }) =>
            takesHost(value, wanted) && takesMethod(value, wanted) && takesPath(value, wanted),
        );
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

type Rule = Pick<Frontend, 'path' | 'pathKind' | 'method'>;

/** The patterns that take every request for this host. */
function hostsAround(hostname: string): string[] {
  const isExact = !hostname.includes('/') && !hostname.includes('*');
  const wildcard = isExact ? hostname.replace(/^[^.]+/, '*') : hostname;
  return [...new Set([hostname, wildcard, '*'])];
}

/** In the tree a more specific host may own what a pattern would have taken. */
function takesHost(taker: Frontend, wanted: Pick<Frontend, 'hostname'>): boolean {
  return taker.hostname === wanted.hostname || (taker.position ?? 'tree') !== 'tree';
}

function takesMethod(taker: Rule, wanted: Rule): boolean {
  return taker.method === undefined || taker.method === wanted.method;
}

function takesPath(taker: Rule, wanted: Rule): boolean {
  const { path, pathKind = 'prefix' } = taker;
  const { path: inner, pathKind: innerKind = 'prefix' } = wanted;
  if (path === inner && pathKind === innerKind) return true;
  if (pathKind === 'prefix' && path === '') return true;
  if (innerKind === 'regex' || pathKind === 'regex' || pathKind === 'equals') return false;
  // "/a" as a prefix takes "/ab" too, which "/a" as a segment does not.
  if (pathKind === 'prefix') return inner.startsWith(path);
  if (inner === path) return innerKind !== 'prefix';
  return inner.startsWith(path.endsWith('/') ? path : `${path}/`);
}
