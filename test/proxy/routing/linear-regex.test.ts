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

  it('refuses a pattern that is too large once it is compiled', () => {
    assert.match(errorOf('((a{10}){10}){4}'), /has \d+ steps.*300 are possible/);
    assert.match(errorOf('(?:a?){600}'.repeat(2)), /repeats 1200 times in all; 1000 is possible/);
    assert.ok(compileRegex('[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}').ok);
  });

  it('takes time in proportion to the text where others take for ever', () => {
    const evil = compileRegex('(a+)+b');
    assert.ok(evil.ok);
    const start = performance.now();
    assert.equal(evil.value.matches('a'.repeat(50_000)), false);
    assert.ok(performance.now() - start < 5000);
  });
});
