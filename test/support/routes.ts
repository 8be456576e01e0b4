/** Route tables and requests for them, in few words. */
import assert from 'node:assert/strict';
import type { Route } from '../../proxy/routing/route.ts';
import type { RouteSubject } from '../../proxy/routing/route-rule.ts';
import { RouteTable } from '../../proxy/routing/route-table.ts';

export type Extra = Partial<Omit<Route, 'hostname' | 'path' | 'clusterId'>>;

/** On listener `l` unless `extra` says otherwise. */
export function route(hostname: string, path: string, clusterId: string, extra: Extra = {}): Route {
  return { listener: 'l', hostname, path, clusterId, ...extra };
}

export function tableOf(...routes: readonly Route[]): RouteTable {
  const table = new RouteTable();
  for (const one of routes) {
    const added = table.add(one);
    assert.ok(added.ok, added.ok ? '' : added.error.message);
  }
  return table;
}

/** The cluster, or why there is none. */
export function find(
  table: RouteTable,
  hostname: string,
  target: string,
  method = 'GET',
  listener = 'l',
): string | null {
  const found = table.find(listener, hostname, subjectOf(target, method));
  return typeof found === 'string' ? found : found.clusterId;
}

/** A request line, cut as the head scanner cuts it. */
export function subjectOf(target: string, method = 'GET'): RouteSubject {
  const bytes = Buffer.from(`${method} ${target} HTTP/1.1\r\n\r\n`, 'latin1');
  const pathStart = method.length + 1;
  return {
    bytes,
    start: 0,
    methodEnd: method.length,
    pathStart,
    targetEnd: pathStart + target.length,
  };
}
