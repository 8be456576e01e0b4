/** A cookie found in place, and the same head without it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CookieReader, cookieValue } from '../../../proxy/http1/cookie-reader.ts';
import { Head } from '../../../proxy/http1/head.ts';
import { scanRequestHead } from '../../../proxy/http1/head-scanner.ts';
import { HeadWriter } from '../../../proxy/http1/head-writer.ts';
import { KNOWN_FIELD_COUNT } from '../../../proxy/http1/known-fields.ts';

const reader = new CookieReader();
const writer = new HeadWriter();
const nothingDropped = new Uint8Array(KNOWN_FIELD_COUNT);

function scan(lines: readonly string[]): Head {
  const bytes = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const head = new Head();
  assert.equal(scanRequestHead(head, bytes, 0, bytes.length), 'complete');
  return head;
}

/** The value of cookie `S`, and the lines that stay. */
function take(...lines: string[]): { value: string | undefined; rest: string[] } {
  const head = scan(lines);
  const found = reader.take(head, 'S');
  const value = head.bytes.toString('latin1', reader.valueStart, reader.valueEnd);
  writer.begin();
  writer.fields(head, nothingDropped);
  const rest = writer.take(head.bytes, 0, 0).split('\r\n').slice(1, -1);
  return { value: found ? value : undefined, rest };
}

describe('CookieReader', () => {
  const cases: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['Cookie: S=x', 'x', undefined],
    ['Cookie: S=x;', 'x', undefined],
    ['cookie: S=x; a=1', 'x', 'cookie: a=1'],
    ['Cookie: a=1; S=x', 'x', 'Cookie: a=1'],
    ['Cookie: a=1; S=x; b=2', 'x', 'Cookie: a=1; b=2'],
    ['Cookie: a=1;S=x;b=2', 'x', 'Cookie: a=1;b=2'],
    ['Cookie: S=x; S=y; a=1', 'x', 'Cookie: a=1'],
    ['Cookie: S=x; a=1; S=y', 'x', 'Cookie: a=1'],
    ['Cookie: S=x; S=y', 'x', undefined],
    ['Cookie: S="x y"; a=1', 'x y', 'Cookie: a=1'],
    ['Cookie: S="', '"', undefined],
    ['Cookie: S=', '', undefined],
    ['Cookie: S=a=b', 'a=b', undefined],
    ['Cookie: XS=1; SX=2; s=3; S', undefined, 'Cookie: XS=1; SX=2; s=3; S'],
    ['Cookie: a="S=x"; b=S=y', undefined, 'Cookie: a="S=x"; b=S=y'],
    ['Cookie: a=1 ; S=x ; b=2', 'x', 'Cookie: a=1 ; b=2'],
    ['Cookie:', undefined, 'Cookie:'],
    ['X-Cookie: S=x', undefined, 'X-Cookie: S=x'],
  ];
  for (const [line, value, rest] of cases) {
    it(`${line} → ${value ?? 'none'}`, () => {
      assert.deepEqual(take('A: 1', line, 'B: 2'), {
        value,
        rest: ['A: 1', ...(rest === undefined ? [] : [rest]), 'B: 2'],
      });
    });
  }

  it('looks into every Cookie line; the first value counts and all of them go', () => {
    const lines = ['Cookie: a=1', 'X: y', 'Cookie: S=first; b=2', 'Cookie: S=second'];
    assert.deepEqual(take(...lines), {
      value: 'first',
      rest: ['Cookie: a=1', 'X: y', 'Cookie: b=2'],
    });
  });

  it('only finding leaves everything as it is', () => {
    const head = scan(['Cookie: S=x']);
    assert.equal(reader.find(head, 'S'), true);
    assert.deepEqual(head.cuts, []);
  });

  it('keeps every other cookie as it is, whatever they look like', () => {
    const name = fc.constantFrom('S', 's', 'SS', 'a', 'XS');
    const pair = fc
      .tuple(name, fc.stringMatching(/^[a-z0-9="]{0,4}$/))
      .map(parts => parts.join('='));
    const line = fc.array(pair, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 3 }), lines => {
        const { rest } = take(...lines.map(pairs => `Cookie: ${pairs.join('; ')}`));
        const expected = lines
          .map(pairs => pairs.filter(text => !text.startsWith('S=')).join('; '))
          .flatMap(text => (text === '' ? [] : [`Cookie: ${text}`]));
        assert.deepEqual(rest, expected);
      }),
    );
  });
});

describe('cookieValue', () => {
  it('lets nothing out that ends a value', () => {
    assert.equal(cookieValue('web-1.a_b:80'), 'web-1.a_b:80');
    assert.equal(cookieValue('a;b,c"d\\e'), 'a%3Bb%2Cc%22d%5Ce');
  });
});
