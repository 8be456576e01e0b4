/** Percent-decoding of text that anybody may have written. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { percentDecoded } from '../../../proxy/routing/percent-decoding.ts';

describe('percentDecoded', () => {
  const cases: readonly (readonly [encoded: string, decoded: string])[] = [
    ['', ''],
    ['plain', 'plain'],
    ['%24%7bjndi%3A%7D', '\x24{jndi:}'],
    ['a%', 'a%'],
    ['a%2', 'a%2'],
    ['%zz%20%2', '%zz %2'],
    ['%%41', '%A'],
    ['%2541', '%41'],
    ['b%C3%B6se', 'böse'],
    ['bö%73e', 'böse'],
    ['ö%C3%B6%41', 'ööA'],
    ['%FF', '\ufffd'],
    ['%00', '\0'],
    ['%١٢', '%١٢'],
  ];
  for (const [encoded, decoded] of cases) {
    it(JSON.stringify(encoded), () => assert.equal(percentDecoded(encoded), decoded));
  }

  it('undoes encodeURIComponent, and leaves alone what holds no percent sign', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        assert.equal(percentDecoded(encodeURIComponent(text)), text);
        if (!text.includes('%')) assert.equal(percentDecoded(text), text);
      }),
    );
  });
});
