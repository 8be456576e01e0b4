/** One compiled frontend, and which of two goes first. */
import { err, ok, type Result } from '../shared/result.ts';
import { type HostPattern, parseHostPattern } from './host-pattern.ts';
import { type PathPattern, parsePathPattern } from './path-pattern.ts';
import { DEFAULT_PATH_KIND, type Route } from './route.ts';

export interface RouteRule<R extends Route = Route> {
  readonly route: R;
  readonly host: HostPattern;
  readonly path: PathPattern;
  readonly method: Buffer | undefined;
  /** Grows with every rule that is added. */
  readonly serial: number;
}

/** The bytes of a request that are compared; the head of a request is one. */
export interface RouteSubject {
  readonly bytes: Buffer;
  /** Where the method begins. */
  readonly start: number;
  readonly methodEnd: number;
  readonly pathStart: number;
  readonly targetEnd: number;
}

export function compileRoute<R extends Route>(
  route: R,
  serial: number,
): Result<RouteRule<R>, string> {
  const host = parseHostPattern(route.hostname);
  if (!host.ok) return err(`hostname: ${host.error}`);
  const path = parsePathPattern(route.path, route.pathKind ?? DEFAULT_PATH_KIND);
  if (!path.ok) return err(`path: ${path.error}`);
  const method = route.method === undefined ? undefined : Buffer.from(route.method, 'latin1');
  return ok({ route, host: host.value, path: path.value, method, serial });
}

export function matchesMethod({ method }: RouteRule, subject: RouteSubject): boolean {
  if (method === undefined) return true;
  const { bytes, start, methodEnd } = subject;
  if (methodEnd - start !== method.length) return false;
  for (let i = 0; i < method.length; i++) if (bytes[start + i] !== method[i]) return false;
  return true;
}

/** Negative: `a` is asked before `b`. 0: the one that was added first. Both are of one host. */
export function compareRules(a: RouteRule, b: RouteRule): number {
  return (
    classOf(a) - classOf(b) ||
    b.path.bytes.length - a.path.bytes.length ||
    Number(a.path.kind === 'prefix') - Number(b.path.kind === 'prefix') ||
    Number(a.method === undefined) - Number(b.method === undefined)
  );
}

/** Lengths decide among prefixes only: of `equals` rules at most one path matches anyway. */
function classOf({ path, method }: RouteRule): number {
  if (path.kind === 'equals') return method === undefined ? 2 : 0;
  if (path.kind === 'regex') return method === undefined ? 3 : 1;
  return 4;
}
