/** Host patterns, and which of those that match a host wins. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { find, route, tableOf } from '../../support/routes.ts';

describe('hosts', () => {
  it('match exactly, listener by listener', () => {
    const table = tableOf(route('a', '', 'one'), route('b.a', '', 'two'));
    assert.equal(find(table, 'a', '/'), 'one');
    assert.equal(find(table, 'b.a', '/'), 'two');
    assert.equal(find(table, 'c.a', '/'), 'no-frontend');
    assert.equal(find(table, '', '/'), 'no-frontend');
    assert.equal(find(table, 'a', '/', 'GET', 'other'), 'no-frontend');
    assert.equal(find(table, '__proto__', '/'), 'no-frontend');
  });

  it('a wildcard stands for exactly one label that is not empty', () => {
    const table = tableOf(route('*.example.org', '', 'wild'), route('*.localhost', '', 'local'));
    assert.equal(find(table, 'x.example.org', '/'), 'wild');
    assert.equal(find(table, 'shop.localhost', '/'), 'local');
    for (const other of ['example.org', '.example.org', 'x.y.example.org', 'xexample.org', 'org']) {
      assert.equal(find(table, other, '/'), 'no-frontend', other);
    }
  });

  it('a regex stands for one whole label, in any case', () => {
    const table = tableOf(
      route('/IMG[0-9]+/.example.org', '', 'img'),
      route('www./fr|de/.example', '', 'language'),
      route('/(a|b)\\.?/', '', 'alone'),
    );
    assert.equal(find(table, 'img7.example.org', '/'), 'img');
    assert.equal(find(table, 'www.fr.example', '/'), 'language');
    assert.equal(find(table, 'b', '/'), 'alone');
    for (const other of [
      'img.example.org',
      'img7.x.example.org',
      'ximg7.example.org',
      'www.fr.x.example',
      'fr.example',
      'www.it.example',
      'ab',
    ]) {
      assert.equal(find(table, other, '/'), 'no-frontend', other);
    }
  });

  it('the most specific wins: exact, wildcard, regex, catch-all', () => {
    const rules = [
      route('*', '', 'any'),
      route('/[a-z]/.example', '', 'regex'),
      route('*.example', '', 'wild'),
      route('a.example', '', 'exact'),
    ];
    for (const order of [rules, rules.toReversed()]) {
      const table = tableOf(...order);
      for (const expected of ['exact', 'wild', 'regex', 'any']) {
        assert.equal(find(table, 'a.example', '/'), expected);
        for (const each of order) if (each.clusterId === expected) assert.ok(table.remove(each));
      }
      assert.equal(find(table, 'a.example', '/'), 'no-frontend');
    }
  });

  it('a name between others is no host itself, so its wildcard still serves it', () => {
    const table = tableOf(route('x.a.example', '', 'deep'), route('*.example', '', 'wild'));
    assert.equal(find(table, 'a.example', '/'), 'wild');
    assert.equal(find(table, 'x.a.example', '/'), 'deep');
  });

  it('among regex hosts the longest literal end wins, then the one added first', () => {
    const table = tableOf(
      route('/a/./b+/.example', '', 'short'),
      route('/[a]/.b.example', '', 'long'),
      route('/a+/.b.example', '', 'later'),
    );
    assert.equal(find(table, 'a.b.example', '/'), 'long');
    assert.equal(find(table, 'aa.b.example', '/'), 'later');
    assert.equal(find(table, 'a.bb.example', '/'), 'short');
  });

  it('a regex host takes its place from the frontends that are left', () => {
    const gone = route('/a+/.example', '/x', 'gone');
    const table = tableOf(
      gone,
      route('/[a]/.example', '', 'second'),
      route('/a+/.example', '', 'third'),
    );
    assert.equal(find(table, 'a.example', '/'), 'third');
    assert.ok(table.remove(gone));
    assert.equal(find(table, 'a.example', '/'), 'second');
  });

  it('a less specific host is not asked when the most specific has nothing for the path', () => {
    const table = tableOf(
      route('a.example', '/api', 'api'),
      route('*.example', '', 'wild'),
      route('*', '', 'any'),
    );
    assert.equal(find(table, 'a.example', '/api/x'), 'api');
    assert.equal(find(table, 'a.example', '/other'), 'no-frontend');
    assert.equal(find(table, 'b.example', '/other'), 'wild');
  });
});
