import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { generateName } from '../../sample-app/machine-name.ts';

describe('generateName', () => {
  it('gives three words and a number from 1 to 9999, for any seed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), seed => {
        const number = /^[a-z]+-[a-z]+-[a-z]+-(\d{1,4})$/.exec(generateName(seed))?.[1];
        assert.ok(Number(number) >= 1, generateName(seed));
      }),
    );
  });

  it('gives the same name for the same seed', () => {
    fc.assert(
      fc.property(fc.string(), seed => {
        const again = generateName(seed);
        return generateName(seed) === again;
      }),
    );
  });

  it('gives different names for neighbouring seeds', () => {
    const names = Array.from({ length: 1_000 }, (_, index) => generateName(`webapp${index}`));
    assert.equal(new Set(names).size, names.length);
  });

  it('gives another name each time without a seed', () => {
    const names = Array.from({ length: 50 }, () => generateName());
    assert.ok(new Set(names).size >= 49, names.join());
  });

  it('keeps its names from one release to the next', () => {
    assert.equal(generateName('a'), 'pale-for-grip-5951');
  });
});
