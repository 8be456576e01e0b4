/** Which frontend a request belongs to: every rule of the order, one by one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Route } from '../../../proxy/routing/route.ts';
import { RouteTable } from '../../../proxy/routing/route-table.ts';
import { find, route, subjectOf, tableOf } from '../../support/routes.ts';

/** Whatever the order of adding, the first of these serves. */
function testOrder(title: string, target: string, ...rules: readonly [Route, Route]): void {
  it(title, () => {
    const [first, second] = rules;
    assert.equal(find(tableOf(first, second), 'a', target), 'first');
    assert.equal(find(tableOf(second, first), 'a', target), 'first');
  });
}

describe('order within a host', () => {
  const exact = { pathKind: 'equals' } as const;
  const regex = { pathKind: 'regex' } as const;
  const segment = { pathKind: 'segment' } as const;
  const method = { method: 'GET' } as const;

  testOrder(
    'equals with a method before regex with a method',
    '/x',
    route('a', '/x', 'first', { ...exact, ...method }),
    route('a', '/.', 'second', { ...regex, ...method }),
  );
  testOrder(
    'regex with a method before equals without',
    '/x',
    route('a', '/.', 'first', { ...regex, ...method }),
    route('a', '/x', 'second', exact),
  );
  testOrder(
    'equals before regex, both without a method',
    '/x',
    route('a', '/x', 'first', exact),
    route('a', '/.', 'second', regex),
  );
  testOrder(
    'regex before a prefix as long as the path, even one with a method',
    '/x',
    route('a', '/.', 'first', regex),
    route('a', '/x', 'second', method),
  );
  testOrder(
    'the longer prefix before the shorter, even one with a method',
    '/x/y',
    route('a', '/x/y', 'first'),
    route('a', '/x', 'second', method),
  );
  testOrder(
    'a segment prefix before a byte prefix of the same length, even one with a method',
    '/x',
    route('a', '/x', 'first', segment),
    route('a', '/x', 'second', method),
  );
  testOrder(
    'with a method before without',
    '/x',
    route('a', '/x', 'first', method),
    route('a', '/x', 'second'),
  );

  it('of two regexes that match, the one that was added first', () => {
    const one = route('a', '/x.*', 'one', regex);
    const two = route('a', '/.*y', 'two', regex);
    assert.equal(find(tableOf(one, two), 'a', '/xy'), 'one');
    assert.equal(find(tableOf(two, one), 'a', '/xy'), 'two');
  });

  it('a frontend for another method leaves the request to the next one', () => {
    const table = tableOf(
      route('a', '/x', 'post', { ...exact, method: 'POST' }),
      route('a', '/', 'rest'),
    );
    assert.equal(find(table, 'a', '/x', 'POST'), 'post');
    assert.equal(find(table, 'a', '/x', 'GET'), 'rest');
    assert.equal(find(table, 'a', '/x', 'POSTS'), 'rest');
    assert.equal(find(table, 'a', '/x', 'post'), 'rest');
  });
});

describe('position', () => {
  it('pre, tree, post; within pre and post in the order of adding', () => {
    const firstPost = route('*', '/x', 'post-1', { position: 'post' });
    const rules = [
      firstPost,
      route('a', '/x', 'post-2', { position: 'post' }),
      route('a', '/x', 'tree', { pathKind: 'equals', method: 'GET' }),
      route('*', '/', 'pre-1', { position: 'pre', method: 'PUT' }),
      route('a', '/x', 'pre-2', { position: 'pre', method: 'PUT' }),
    ];
    const table = tableOf(...rules);
    assert.equal(find(table, 'a', '/x', 'PUT'), 'pre-1');
    assert.equal(find(table, 'a', '/x', 'GET'), 'tree');
    assert.equal(find(table, 'a', '/x', 'DELETE'), 'post-1');
    assert.equal(find(table, 'b', '/x', 'GET'), 'post-1');
    assert.ok(table.remove(firstPost));
    assert.equal(find(table, 'a', '/x', 'DELETE'), 'post-2');
    assert.equal(find(table, 'b', '/x', 'GET'), 'no-frontend');
  });

  it('post gets what the most specific host leaves', () => {
    const table = tableOf(
      route('a', '/api', 'api'),
      route('*', '', 'tree-any'),
      route('*', '', 'post-any', { position: 'post' }),
    );
    assert.equal(find(table, 'a', '/x'), 'post-any');
    assert.equal(find(table, 'b', '/x'), 'tree-any');
  });
});

describe('RouteTable', () => {
  it('a frontend without a cluster is found like any other', () => {
    const table = tableOf(route('a', '', 'rest'), {
      ...route('a', '/admin', ''),
      clusterId: null,
      tags: { why: 'nobody' },
    });
    const found = table.find('l', 'a', subjectOf('/admin/x'));
    assert.ok(typeof found !== 'string');
    assert.equal(found.clusterId, null);
    assert.deepEqual(found.tags, { why: 'nobody' });
  });

  it('refuses the same rule twice, defaults written out or not', () => {
    const table = tableOf(route('a', '/x', 'one'));
    for (const extra of [{}, { pathKind: 'prefix', position: 'tree' }] as const) {
      const again = table.add(route('a', '/x', 'two', extra));
      assert.ok(!again.ok);
      assert.equal(again.error.code, 'PROXY_ALREADY_EXISTS');
    }
    assert.equal(find(table, 'a', '/x'), 'one');
    tableOf(
      route('a', '/x', 'one'),
      route('a', '/x', 'two', { pathKind: 'equals' }),
      route('a', '/x', 'three', { method: 'GET' }),
      route('a', '/x', 'four', { position: 'pre' }),
    );
  });

  it('removes what was added and nothing else', () => {
    const table = tableOf(route('a', '/x', 'one'), route('a', '', 'rest'));
    assert.equal(table.remove(route('a', '/x', 'other')), false);
    assert.equal(table.remove(route('a', '/y', 'one')), false);
    assert.equal(table.remove(route('a', '/x', 'one', { method: 'GET' })), false);
    assert.equal(table.remove(route('a', '/x', 'one')), true);
    assert.equal(find(table, 'a', '/x'), 'rest');
    assert.equal(table.remove(route('a', '', 'rest')), true);
    assert.equal(find(table, 'a', '/x'), 'no-frontend');
    assert.equal(table.remove(route('a', '', 'rest')), false);
  });

  const refused: readonly (readonly [Route, RegExp])[] = [
    [route('*x.a', '', ''), /"\*" stands for the whole first label/],
    [route('a.*', '', ''), /"\*" stands for the whole first label/],
    [route('*.', '', ''), /plain host name/],
    [route('*.*.a', '', ''), /plain host name/],
    [route('/a', '', ''), /one whole label between slashes/],
    [route('/a/b.example', '', ''), /one whole label between slashes/],
    [route('/a/.', '', ''), /ends with a dot/],
    [route('/a(/.example', '', ''), /hostname: the pattern "a\(" is wrong at character 2: missing/],
    [route('a', '/x?y', ''), /can never match: the path of a request ends before "\?"/],
    [route('a', '/(?=x)', '', { pathKind: 'regex' }), /path: .* at character 2: .*look-around/],
  ];
  for (const [bad, message] of refused) {
    it(`refuses ${bad.hostname} ${bad.path}, and says why`, () => {
      const added = new RouteTable().add(bad);
      assert.ok(!added.ok);
      assert.equal(added.error.code, 'PROXY_REQUEST_INVALID');
      assert.match(added.error.message, message);
    });
  }
});
