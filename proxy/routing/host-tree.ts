/** Hosts and their rules; finding the host of a request costs the same for one as for 10,000. */
import { type HostPattern, matchesHost } from './host-pattern.ts';
import type { Route } from './route.ts';
import { compareRules, type RouteRule } from './route-rule.ts';

/** The rules of one host pattern, in the order in which they are asked. */
export interface HostRules<R extends Route> {
  readonly hostname: string;
  readonly pattern: HostPattern;
  readonly rules: RouteRule<R>[];
  /** How many of them look at the path. */
  pathRules: number;
}

type RegexPattern = HostPattern & { readonly kind: 'regex' };

export class HostTree<R extends Route> {
  /** By host pattern as written. */
  private readonly hosts = new Map<string, HostRules<R>>();
  private readonly exact = new Map<string, HostRules<R>>();
  private readonly wildcards = new Map<string, HostRules<R>>();
  /** By the literal end of the host name; the one with the oldest rule first. */
  private readonly regexes = new Map<string, HostRules<R>[]>();
  private any: HostRules<R> | undefined = undefined;

  get size(): number {
    return this.hosts.size;
  }

  rulesOf(hostname: string): readonly RouteRule<R>[] {
    return this.hosts.get(hostname)?.rules ?? [];
  }

  add(rule: RouteRule<R>): void {
    const { hostname } = rule.route;
    let host = this.hosts.get(hostname);
    if (host === undefined) {
      host = { hostname, pattern: rule.host, rules: [], pathRules: 0 };
      this.hosts.set(hostname, host);
      this.index(host);
    }
    const later = host.rules.findIndex(other => compareRules(rule, other) < 0);
    host.rules.splice(later < 0 ? host.rules.length : later, 0, rule);
    if (rule.path.decides) host.pathRules++;
  }

  remove(rule: RouteRule<R>): void {
    const host = this.hosts.get(rule.route.hostname);
    const index = host?.rules.indexOf(rule) ?? -1;
    if (host === undefined || index < 0) return;
    host.rules.splice(index, 1);
    if (rule.path.decides) host.pathRules--;
    // The order must not remember what is gone: a new worker sees only what is left.
    this.unindex(host);
    if (host.rules.length > 0) this.index(host);
    else this.hosts.delete(host.hostname);
  }

  /** The most specific host that matches: exact, then wildcard, then regex, then `*`. */
  find(hostname: string): HostRules<R> | undefined {
    const exact = this.exact.get(hostname);
    if (exact !== undefined) return exact;
    if (this.wildcards.size > 0) {
      const dot = hostname.indexOf('.');
      const wildcard = dot > 0 ? this.wildcards.get(hostname.slice(dot)) : undefined;
      if (wildcard !== undefined) return wildcard;
    }
    return (this.regexes.size > 0 ? this.findRegex(hostname) : undefined) ?? this.any;
  }

  /** Every host, the most specific first. */
  inOrder(): HostRules<R>[] {
    const regexes = [...this.regexes.values()].flat();
    regexes.sort((a, b) => tailOf(b).length - tailOf(a).length);
    const any = this.any === undefined ? [] : [this.any];
    return [...this.exact.values(), ...this.wildcards.values(), ...regexes, ...any];
  }

  /** The longest literal end first: `/a+/.b.example` before `/a+/./b+/.example`. */
  private findRegex(hostname: string): HostRules<R> | undefined {
    let dot = hostname.indexOf('.');
    while (dot >= 0) {
      const found = this.firstMatch(hostname.slice(dot), hostname);
      if (found !== undefined) return found;
      dot = hostname.indexOf('.', dot + 1);
    }
    return this.firstMatch('', hostname);
  }

  private firstMatch(tail: string, hostname: string): HostRules<R> | undefined {
    return this.regexes.get(tail)?.find(host => matchesHost(host.pattern, hostname));
  }

  private index(host: HostRules<R>): void {
    const { pattern } = host;
    if (pattern.kind === 'exact') this.exact.set(pattern.name, host);
    else if (pattern.kind === 'wildcard') this.wildcards.set(pattern.suffix, host);
    else if (pattern.kind === 'any') this.any = host;
    else {
      const alike = [...(this.regexes.get(pattern.tail) ?? []), host];
      this.regexes.set(
        pattern.tail,
        alike.toSorted((a, b) => oldest(a) - oldest(b)),
      );
    }
  }

  private unindex(host: HostRules<R>): void {
    const { pattern } = host;
    if (pattern.kind === 'exact') this.exact.delete(pattern.name);
    else if (pattern.kind === 'wildcard') this.wildcards.delete(pattern.suffix);
    else if (pattern.kind === 'any') this.any = undefined;
    else {
      const left = (this.regexes.get(pattern.tail) ?? []).filter(other => other !== host);
      if (left.length > 0) this.regexes.set(pattern.tail, left);
      else this.regexes.delete(pattern.tail);
    }
  }
}

function oldest({ rules }: HostRules<Route>): number {
  return Math.min(...rules.map(rule => rule.serial));
}

function tailOf({ pattern }: { readonly pattern: HostPattern }): string {
  return (pattern as RegexPattern).tail;
}
