/** The route table against a naive one that follows the order of its docstring word by word. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Route } from '../../../proxy/routing/route.ts';
import { RouteTable } from '../../../proxy/routing/route-table.ts';
import { subjectOf } from '../../support/routes.ts';

const labels = ['a', 'b', 'ab', 'org'];
const label = fc.constantFrom(...labels);
const hostname = fc.array(label, { minLength: 1, maxLength: 3 }).map(parts => parts.join('.'));
const regexLabel = fc.constantFrom('/[ab]/', '/a+b?/', '/.*/', '/org|b/');
const hostPattern = fc.oneof(
  hostname,
  hostname.map(name => `*.${name}`),
  fc
    .array(fc.oneof(label, regexLabel), { minLength: 1, maxLength: 3 })
    .map(parts => parts.join('.'))
    .filter(text => text.includes('/')),
  fc.constant('*'),
);
const segments = fc.array(fc.constantFrom('a', 'b', 'ab', ''), { maxLength: 3 });
const plainPath = segments.map(parts => `/${parts.join('/')}`);
const pathRule = fc.oneof(
  fc.record({
    path: fc.oneof(plainPath, fc.constant('')),
    pathKind: fc.constantFrom('prefix', 'segment', 'equals', undefined),
  }),
  fc.record({
    path: fc.constantFrom('/.*', '/a(/b)?', '.*b', '/[ab]+/?', ''),
    pathKind: fc.constant('regex'),
  }),
);
const method = fc.constantFrom('GET', 'POST', undefined);
const position = fc.constantFrom('pre', 'tree', 'tree', 'tree', 'post', undefined);

const routes = fc
  .array(fc.record({ hostname: hostPattern, rule: pathRule, method, position }), { maxLength: 14 })
  .map(list =>
    list.map(
      ({ hostname: host, rule, method: verb, position: where }, index): Route => ({
        listener: 'l',
        hostname: host,
        path: rule.path,
        clusterId: `c${index}`,
        ...(rule.pathKind === undefined ? {} : { pathKind: rule.pathKind as 'prefix' }),
        ...(verb === undefined ? {} : { method: verb }),
        ...(where === undefined ? {} : { position: where as 'pre' }),
      }),
    ),
  );

interface Request {
  readonly host: string;
  readonly path: string;
  readonly method: string;
}

const requests = fc.array(
  fc.record({
    host: fc.oneof(hostname, fc.constantFrom('', '.', 'a.', '.a', '[::1]')),
    path: plainPath,
    method: fc.constantFrom('GET', 'POST', 'PUT'),
  }),
  { minLength: 1, maxLength: 6 },
);

const identity = (route: Route): string =>
  JSON.stringify([
    route.hostname,
    route.path,
    route.pathKind ?? 'prefix',
    route.method ?? '',
    route.position ?? 'tree',
  ]);

function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  const wanted = pattern.split('.');
  const given = host.split('.');
  // A dot within slashes separates nothing.
  const joined = pattern.includes('/') ? (pattern.match(/\/[^/]*\/|[^./]+/g) ?? []) : wanted;
  if (joined.length !== given.length) return false;
  return joined.every((part, index) => {
    const name = given[index] ?? '';
    if (part === '*') return name !== '';
    if (!part.startsWith('/')) return part === name;
    return name !== '' && new RegExp(`^(?:${part.slice(1, -1)})$`).test(name);
  });
}

const merged = (path: string): string => path.replace(/\/+/g, '/');

function pathMatches({ path: written, pathKind = 'prefix' }: Route, asked: string): boolean {
  const [given, path] = [merged(asked), pathKind === 'regex' ? written : merged(written)];
  if (pathKind === 'equals') return given === path;
  if (pathKind === 'regex') return new RegExp(`^(?:${path})$`).test(given);
  if (!given.startsWith(path)) return false;
  return (
    pathKind === 'prefix' ||
    path === '' ||
    path.endsWith('/') ||
    /^(\/|$)/.test(given.slice(path.length))
  );
}

function hostRank(pattern: string): readonly number[] {
  if (pattern === '*') return [3, 0];
  if (pattern.startsWith('*')) return [1, 0];
  if (!pattern.includes('/')) return [0, 0];
  return [2, -pattern.slice(pattern.lastIndexOf('/') + 1).length];
}

function pathRank({ path, pathKind = 'prefix', method: verb }: Route): readonly number[] {
  const without = verb === undefined ? 1 : 0;
  if (pathKind === 'equals') return [without * 2, 0, 0, without];
  if (pathKind === 'regex') return [without * 2 + 1, 0, 0, without];
  return [4, -merged(path).length, pathKind === 'segment' ? 0 : 1, without];
}

function naive(all: readonly Route[], { host, path, method: verb }: Request): string {
  const first = (list: readonly Route[]): Route | undefined =>
    list.find(
      route =>
        hostMatches(route.hostname, host) &&
        pathMatches(route, path) &&
        (route.method === undefined || route.method === verb),
    );
  const at = (where: string): Route[] => all.filter(route => (route.position ?? 'tree') === where);
  const hosts = [...new Set(at('tree').map(route => route.hostname))]
    .filter(pattern => hostMatches(pattern, host))
    .toSorted((a, b) => compare(hostRank(a), hostRank(b)));
  const leaf = at('tree')
    .filter(route => route.hostname === hosts[0])
    .toSorted((a, b) => compare(pathRank(a), pathRank(b)));
  const found = first(at('pre')) ?? first(leaf) ?? first(at('post'));
  return found?.clusterId ?? 'no-frontend';
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function resultOf(table: RouteTable, { host, path, method: verb }: Request): string | null {
  const found = table.find('l', host, subjectOf(path, verb));
  return typeof found === 'string' ? found : found.clusterId;
}

/** Adds all, refusing what is there already, and removes some again; what is left, in order. */
function fill(table: RouteTable, list: readonly Route[], removals: readonly number[]): Route[] {
  const present: Route[] = [];
  for (const route of list) {
    const isNew = present.every(other => identity(other) !== identity(route));
    assert.equal(table.add(route).ok, isNew);
    if (isNew) present.push(route);
  }
  for (const index of removals) {
    const [route] = present.splice(index, 1);
    if (route === undefined) continue;
    assert.equal(table.remove(route), true);
    assert.equal(table.remove(route), false);
  }
  return present;
}

function checkTrace(table: RouteTable, request: Request, expected: string, count: number): void {
  const { host, path, method: verb } = request;
  const { considered } = table.trace('l', host, subjectOf(path, verb));
  const serving = considered.filter(each => each.verdict === 'serves');
  const wanted = expected === 'no-frontend' ? [] : [expected];
  assert.deepEqual(
    serving.map(each => each.route.clusterId),
    wanted,
  );
  assert.equal(considered.length, count);
}

describe('RouteTable', () => {
  it('decides as the naive table does, with routes added and removed', () => {
    fc.assert(
      fc.property(routes, requests, fc.array(fc.nat(13)), (list, asked, removals) => {
        const table = new RouteTable();
        const present = fill(table, list, removals);
        for (const request of asked) {
          const expected = naive(present, request);
          assert.equal(resultOf(table, request), expected);
          checkTrace(table, request, expected, present.length);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('has a result for any hostname and target, whatever the routes', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 40 }),
      fc
        .array(fc.constantFrom('/', '.', '..', '%2e', '%2F', '%', '?', '\\', ';', 'a'), {
          maxLength: 12,
        })
        .map(parts => parts.join('')),
    );
    const anyRoute = fc.record({
      listener: fc.constant('l'),
      hostname: fc.oneof(hostPattern, anyText),
      path: anyText,
      pathKind: fc.constantFrom('prefix', 'segment', 'equals', 'regex'),
      clusterId: fc.constant('c'),
    });
    fc.assert(
      fc.property(fc.array(anyRoute), anyText, anyText, (list, host, target) => {
        const table = new RouteTable();
        for (const route of list) table.add(route as Route);
        const found = table.find('l', host, subjectOf(target));
        if (typeof found !== 'string') assert.equal(found.clusterId, 'c');
        else assert.match(found, /^(no-frontend|ambiguous-path)$/);
        assert.deepEqual(table.trace('l', host, subjectOf(target)).found, found);
      }),
      { numRuns: 1500 },
    );
  });
});
