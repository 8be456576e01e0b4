/**
 * Which frontend a request belongs to. The first frontend that matches serves, and this is the
 * order in which they are asked:
 *
 *  1. `pre` frontends of the listener, in the order in which they were added.
 *  2. `tree` frontends of ONE host, the most specific that matches: an exact name, then
 *     `*.example.org`, then a host with regex labels (the longest literal end first, then the one
 *     added first), then `*`. Within that host
 *       a. equals with a method
 *       b. regex with a method          … these two win at once, as in Sōzu
 *       c. equals without a method
 *       d. regex without a method       … both count as long as the whole path
 *       e. prefixes, the longest first; of equal length `segment` before `prefix`
 *     and where that leaves two: with a method before without, then the one added first.
 *  3. `post` frontends of the listener, in the order in which they were added.
 *
 * A less specific host is not asked when the most specific one has no frontend for the path or the
 * method: whoever configured a host owns all of its paths, and what they left out must not reach a
 * stranger's cluster behind `*.` or `*` (Sōzu and nginx decide alike). `post` is there for that.
 *
 * Paths are compared as request-path.ts says, hosts without case, methods with it.
 */
import { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { matchesHost } from './host-pattern.ts';
import { HostTree } from './host-tree.ts';
import { matchesPath } from './path-pattern.ts';
import { RequestPath } from './request-path.ts';
import { DEFAULT_POSITION, isSameRule, type Position, type Route } from './route.ts';
import { compileRoute, matchesMethod, type RouteRule, type RouteSubject } from './route-rule.ts';

/** Why a frontend serves a request, or why not. */
export type Verdict =
  | 'serves'
  | 'other-host'
  /** Its host matches, and so does a more specific one. */
  | 'less-specific-host'
  | 'other-path'
  | 'other-method'
  /** It matches, but one before it serves already. */
  | 'too-late';

export interface Considered<R extends Route> {
  readonly route: R;
  readonly verdict: Verdict;
}

interface ListenerRules<R extends Route> {
  readonly pre: RouteRule<R>[];
  readonly tree: HostTree<R>;
  readonly post: RouteRule<R>[];
  /** How many of `pre` and `post` look at the path. */
  pathRules: number;
}

export type Found<R extends Route> = R | 'no-frontend' | 'ambiguous-path';

export class RouteTable<R extends Route = Route> {
  private readonly listeners = new Map<string, ListenerRules<R>>();
  private readonly path = new RequestPath();
  private serial = 0;

  /** Refuses a pattern that cannot be compiled, and the same rule a second time. */
  add(route: R): Result<undefined, ProxyError> {
    const rule = compileRoute(route, ++this.serial);
    if (!rule.ok) return err(new ProxyError('PROXY_REQUEST_INVALID', rule.error));
    const rules = this.listeners.get(route.listener) ?? newListener<R>();
    if (candidates(rules, route).some(other => isSameRule(other.route, route))) {
      return err(new ProxyError('PROXY_ALREADY_EXISTS', 'it exists already'));
    }
    this.listeners.set(route.listener, rules);
    const position = route.position ?? DEFAULT_POSITION;
    if (position === 'tree') rules.tree.add(rule.value);
    else {
      rules[position].push(rule.value);
      if (rule.value.path.decides) rules.pathRules++;
    }
    return ok(undefined);
  }

  /** False when there was none; the cluster must be the one that was added. */
  remove(route: R): boolean {
    const rules = this.listeners.get(route.listener);
    if (rules === undefined) return false;
    const rule = candidates(rules, route).find(
      other => isSameRule(other.route, route) && other.route.clusterId === route.clusterId,
    );
    if (rule === undefined) return false;
    const position = route.position ?? DEFAULT_POSITION;
    if (position === 'tree') rules.tree.remove(rule);
    else {
      rules[position].splice(rules[position].indexOf(rule), 1);
      if (rule.path.decides) rules.pathRules--;
    }
    const isEmpty = rules.pre.length + rules.tree.size + rules.post.length === 0;
    if (isEmpty) this.listeners.delete(route.listener);
    return true;
  }

  /** Total: every request has a result. `hostname` is lower case, without port. */
  find(listener: string, hostname: string, subject: RouteSubject): Found<R> {
    const rules = this.listeners.get(listener);
    if (rules === undefined) return 'no-frontend';
    const host = rules.tree.find(hostname);
    const { path } = this;
    path.take(subject.bytes, subject.pathStart, subject.targetEnd);
    if (rules.pathRules > 0 || (host !== undefined && host.pathRules > 0)) path.read();
    if (path.ambiguous) return 'ambiguous-path';
    return (
      (rules.pre.length > 0 ? firstOf(rules.pre, hostname, path, subject) : undefined) ??
      (host !== undefined ? firstOf(host.rules, undefined, path, subject) : undefined) ??
      (rules.post.length > 0 ? firstOf(rules.post, hostname, path, subject) : undefined) ??
      'no-frontend'
    );
  }

  /** The same decision with every frontend of the listener in the order of asking, and why. */
  trace(
    listener: string,
    hostname: string,
    subject: RouteSubject,
  ): { readonly found: Found<R>; readonly considered: readonly Considered<R>[] } {
    const rules = this.listeners.get(listener);
    const found = this.find(listener, hostname, subject);
    if (rules === undefined || found === 'ambiguous-path') return { found, considered: [] };
    const { path } = this;
    path.take(subject.bytes, subject.pathStart, subject.targetEnd);
    path.read();
    const host = rules.tree.find(hostname);
    const judge = (rule: RouteRule<R>, isAsked: boolean): Considered<R> => ({
      route: rule.route,
      verdict: verdictOn(rule, isAsked, rule.route === found, hostname, path, subject),
    });
    const considered = [
      ...rules.pre.map(rule => judge(rule, true)),
      ...rules.tree.inOrder().flatMap(each => each.rules.map(rule => judge(rule, each === host))),
      ...rules.post.map(rule => judge(rule, true)),
    ];
    return { found, considered };
  }
}

function newListener<R extends Route>(): ListenerRules<R> {
  return { pre: [], tree: new HostTree(), post: [], pathRules: 0 };
}

/** Where the same rule would be. */
function candidates<R extends Route>(rules: ListenerRules<R>, route: R): readonly RouteRule<R>[] {
  const position: Position = route.position ?? DEFAULT_POSITION;
  return position === 'tree' ? rules.tree.rulesOf(route.hostname) : rules[position];
}

/** `hostname` undefined: the rules are of the request's host. */
function firstOf<R extends Route>(
  rules: readonly RouteRule<R>[],
  hostname: string | undefined,
  path: RequestPath,
  subject: RouteSubject,
): R | undefined {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as RouteRule<R>;
    if (hostname !== undefined && !matchesHost(rule.host, hostname)) continue;
    if (matchesPath(rule.path, path) && matchesMethod(rule, subject)) return rule.route;
  }
  return undefined;
}

function verdictOn(
  rule: RouteRule,
  isAsked: boolean,
  serves: boolean,
  hostname: string,
  path: RequestPath,
  subject: RouteSubject,
): Verdict {
  if (serves) return 'serves';
  if (!matchesHost(rule.host, hostname)) return 'other-host';
  if (!isAsked) return 'less-specific-host';
  if (!matchesPath(rule.path, path)) return 'other-path';
  return matchesMethod(rule, subject) ? 'too-late' : 'other-method';
}
