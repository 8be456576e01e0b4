/** Patterns that cannot be slow, and what is said about those that are wrong. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileRegex } from '../../../proxy/routing/linear-regex.ts';

function errorOf(pattern: string): string {
  const compiled = compileRegex(pattern);
  assert.ok(!compiled.ok, pattern);
  return compiled.error;
}

describe('compileRegex', () => {
  const wrong: readonly (readonly [pattern: string, character: number, what: RegExp])[] = [
    ['ab)', 3, /unexpected \)/],
    ['(a)(b', 4, /missing closing \)/],
    ['\\((a)([)]', 6, /missing closing \)/],
    ['a[b', 2, /missing closing \]/],
    ['xa**', 3, /nested repetition/],
    ['x(?=y)', 2, /look-around/],
    ['(x)\\1', 4, /back-references/],
    ['x{2000}', 2, /at most 1000/],
    ['x\\', 2, /trailing backslash/],
  ];
  for (const [pattern, character, what] of wrong) {
    it(`says where ${pattern} is wrong`, () => {
      assert.match(errorOf(pattern), new RegExp(`at character ${character}: `));
      assert.match(errorOf(pattern), what);
    });
  }

  it('refuses a pattern that nobody can read', () => {
    assert.match(errorOf('a'.repeat(2001)), /longer than 2000/);
  });

  it('takes time in proportion to the text where others take for ever', () => {
    const evil = compileRegex('(a+)+b');
    assert.ok(evil.ok);
    const start = performance.now();
    assert.equal(evil.value.matches('a'.repeat(50_000)), false);
    assert.ok(performance.now() - start < 5000);
  });
});
