/** Which cluster a host and a path lead to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Route, RouteTable } from '../../../proxy/routing/route-table.ts';

const route = (hostname: string, path: string, clusterId: string): Route => ({
  listener: 'l',
  hostname,
  path,
  clusterId,
});

function tableOf(...routes: readonly Route[]): RouteTable {
  const table = new RouteTable();
  for (const one of routes) assert.ok(table.add(one));
  return table;
}

function find(
  table: RouteTable,
  hostname: string,
  path: string,
  listener = 'l',
): string | null | undefined {
  return table.find(listener, hostname, Buffer.from(`${path} HTTP/1.1\r\n`), 0);
}

describe('RouteTable', () => {
  it('matches hosts exactly', () => {
    const table = tableOf(route('a', '', 'one'), route('b.a', '', 'two'));
    assert.equal(find(table, 'a', '/'), 'one');
    assert.equal(find(table, 'b.a', '/'), 'two');
    assert.equal(find(table, 'c.a', '/'), undefined);
    assert.equal(find(table, '', '/'), undefined);
  });

  it('keeps listeners apart', () => {
    assert.equal(find(tableOf(route('a', '', 'one')), 'a', '/', 'other'), undefined);
  });

  it('prefers the longest prefix, whatever the order of adding', () => {
    const table = tableOf(
      route('a', '/', 'root'),
      route('a', '/api/v2', 'two'),
      route('a', '/api', 'one'),
    );
    assert.equal(find(table, 'a', '/api/v2/x'), 'two');
    assert.equal(find(table, 'a', '/api/v1'), 'one');
    assert.equal(find(table, 'a', '/apiary'), 'one');
    assert.equal(find(table, 'a', '/ap'), 'root');
  });

  it('matches nothing when no prefix does, a prefix longer than the path included', () => {
    const table = tableOf(route('a', '/api', 'one'));
    assert.equal(find(table, 'a', '/'), undefined);
    assert.equal(find(table, 'a', '/ap'), undefined);
  });

  it('refuses the same rule twice', () => {
    const table = tableOf(route('a', '/x', 'one'));
    assert.equal(table.add(route('a', '/x', 'two')), false);
    assert.equal(find(table, 'a', '/x'), 'one');
  });

  it('removes what was added and nothing else', () => {
    const table = tableOf(route('a', '/x', 'one'), route('a', '', 'rest'));
    assert.equal(table.remove(route('a', '/x', 'other')), false);
    assert.equal(table.remove(route('a', '/y', 'one')), false);
    assert.equal(table.remove(route('a', '/x', 'one')), true);
    assert.equal(find(table, 'a', '/x'), 'rest');
    assert.equal(table.remove(route('a', '', 'rest')), true);
    assert.equal(find(table, 'a', '/x'), undefined);
  });

  it('knows hosts with names that objects know', () => {
    assert.equal(find(tableOf(route('a', '', 'one')), '__proto__', '/'), undefined);
  });
});
