/** What a path must be like to match, and what is never part of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { find, route, tableOf } from '../../support/routes.ts';

/** Would a backend that resolves as much as any does serve `/admin`, or something in it? */
function isAdmin(target: string): boolean {
  const [path = ''] = target.split('?');
  const unescaped = path.replace(/%([0-7][\da-f])/gi, (escaped, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w\-.~]/.test(char) ? char : escaped;
  });
  const resolved: string[] = [];
  // What is encoded or turned around separates only where dots make a backend look at it.
  const isDotted = unescaped.split(/\/|\\|%2f|%5c/i).some(each => /^\.{1,2}(;.*)?$/.test(each));
  for (const segment of unescaped.split(isDotted ? /\/|\\|%2f|%5c/i : '/')) {
    if (/^\.\.(;.*)?$/.test(segment)) resolved.pop();
    else if (segment !== '' && !/^\.(;.*)?$/.test(segment)) resolved.push(segment);
  }
  return resolved[0] === 'admin';
}

describe('paths', () => {
  it('a prefix is compared byte for byte', () => {
    const table = tableOf(route('a', '/', 'root'), route('a', '/api', 'api'));
    assert.equal(find(table, 'a', '/apiary'), 'api');
    assert.equal(find(table, 'a', '/api'), 'api');
    assert.equal(find(table, 'a', '/ap'), 'root');
    assert.equal(find(table, 'a', '/API'), 'root');
  });

  it('a segment prefix ends where a segment ends', () => {
    const table = tableOf(route('a', '/api', 'api', { pathKind: 'segment' }));
    for (const inside of ['/api', '/api/', '/api/x', '/api?x', '/api/?x']) {
      assert.equal(find(table, 'a', inside), 'api', inside);
    }
    for (const outside of ['/apiary', '/ap', '/', '/api;x', '/api.html']) {
      assert.equal(find(table, 'a', outside), 'no-frontend', outside);
    }
    const slash = tableOf(route('a', '/api/', 'api', { pathKind: 'segment' }));
    assert.equal(find(slash, 'a', '/api/x'), 'api');
    assert.equal(find(slash, 'a', '/api'), 'no-frontend');
  });

  it('equals and regex take the whole path and not the query', () => {
    const table = tableOf(
      route('a', '/eq', 'equals', { pathKind: 'equals' }),
      route('a', '/u/[0-9]+', 'regex', { pathKind: 'regex' }),
    );
    assert.equal(find(table, 'a', '/eq'), 'equals');
    assert.equal(find(table, 'a', '/eq?x=/y'), 'equals');
    assert.equal(find(table, 'a', '/u/42?x'), 'regex');
    for (const other of ['/eq/', '/e', '/u/42/', '/u/', '/x/u/42', '/u/42%20']) {
      assert.equal(find(table, 'a', other), 'no-frontend', other);
    }
  });

  it('the query is never part of it', () => {
    const table = tableOf(route('a', '', 'rest'), route('a', '/x/y', 'deep'));
    assert.equal(find(table, 'a', '/x?/x/y'), 'rest');
    assert.equal(find(table, 'a', '/x/y?'), 'deep');
  });

  it('an absolute target without a path asks for "/"', () => {
    const table = tableOf(route('a', '/', 'root', { pathKind: 'equals' }));
    assert.equal(find(table, 'a', ''), 'root');
    assert.equal(find(table, 'a', '?x'), 'root');
    assert.equal(find(tableOf(route('a', '/', 'root')), 'a', '?x'), 'root');
  });

  it('"*" is no path: only frontends for everything take it', () => {
    const table = tableOf(route('a', '/', 'root'));
    assert.equal(find(table, 'a', '*', 'OPTIONS'), 'no-frontend');
    assert.equal(find(tableOf(route('a', '', 'all')), 'a', '*', 'OPTIONS'), 'all');
  });

  it('needless percent-encoding does not lead elsewhere, needed one does', () => {
    const table = tableOf(route('a', '', 'rest'), route('a', '/admin/x', 'admin'));
    for (const same of ['/%61dmin/x', '/%61%64%6D%69%6e/x', '/admin/%78?%', '/admin%2fx']) {
      const expected = same === '/admin%2fx' ? 'rest' : 'admin';
      assert.equal(find(table, 'a', same), expected, same);
    }
    for (const odd of ['/%', '/%6', '/%zz', '/%%36%31dmin/x', '/admin%2', '/%e9']) {
      assert.equal(find(table, 'a', odd), 'rest', odd);
    }
  });

  it('empty segments do not lead elsewhere', () => {
    const table = tableOf(route('a', '', 'rest'), route('a', '/admin//x', 'admin'));
    for (const same of ['/admin/x', '//admin/x', '/admin///x/', '/%2e', '/%2Fadmin/x']) {
      const expected = { '/%2e': 'ambiguous-path', '/%2Fadmin/x': 'rest' }[same] ?? 'admin';
      assert.equal(find(table, 'a', same), expected, same);
    }
    assert.equal(find(tableOf(route('a', '//', 'root', { pathKind: 'equals' })), 'a', '/'), 'root');
  });

  it('there is no way around a frontend that refuses', () => {
    const table = tableOf(
      route('a', '', 'rest'),
      { ...route('a', '/admin', '', { pathKind: 'segment' }), clusterId: null },
      route('a', '/x', 'x'),
    );
    const part = fc.constantFrom(
      ...[
        '/',
        '//',
        'x',
        'admin',
        '%61dmin',
        'adm%69n',
        '.',
        '..',
        '%2e',
        '.%2E',
        '?',
        ';',
        '%2e;y',
      ],
      ...['\\', '%2f', '%5C', '%', '/admin', '/..', '/x/../'],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), parts => {
        const target = `/${parts.join('')}`;
        const found = find(table, 'a', target);
        if (isAdmin(target)) assert.ok(found === null || found === 'ambiguous-path', `${found}`);
        else assert.notEqual(found, null);
      }),
      { numRuns: 5000 },
    );
  });

  it('a dot segment is ambiguous, however it is spelled', () => {
    const table = tableOf(route('a', '', 'rest'), route('a', '/admin', 'denied'));
    for (const dotted of [
      '/public/../admin',
      '/..',
      '/.',
      '/./admin',
      '/x/%2e%2e/admin',
      '/x/.%2E/admin',
      '/x%2f../admin',
      '/x/..%2Fadmin',
      '/x/..%5cadmin',
      '/x\\..\\admin',
      '/x/..;/admin',
      '/x/..?y',
      '//../admin',
    ]) {
      assert.equal(find(table, 'a', dotted), 'ambiguous-path', dotted);
    }
    for (const harmless of [
      '/.well-known/x',
      '/a..b',
      '/...',
      '/..x',
      '/x?/../y',
      '/a.b',
      '/%2e.x',
    ]) {
      assert.equal(find(table, 'a', harmless), 'rest', harmless);
    }
  });

  it('a dot segment goes on as it was sent where no frontend looks at the path', () => {
    const table = tableOf(route('a', '', 'rest'), route('b', '/x', 'path'));
    assert.equal(find(table, 'a', '/x/../y'), 'rest');
    assert.equal(find(table, 'b', '/x/../y'), 'ambiguous-path');
    const withPre = tableOf(route('a', '', 'rest'), route('*', '/x', 'pre', { position: 'pre' }));
    assert.equal(find(withPre, 'a', '/x/../y'), 'ambiguous-path');
  });
});
