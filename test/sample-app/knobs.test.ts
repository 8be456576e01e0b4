import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HEALTHY, updateKnobs } from '../../sample-app/knobs.ts';

function testRefused(wanted: unknown, error: RegExp): void {
  it(`refuses ${JSON.stringify(wanted)}`, () => {
    const update = updateKnobs(HEALTHY, wanted);
    assert.ok(!update.ok);
    assert.match(update.error, error);
  });
}

describe('updateKnobs', () => {
  it('changes what is named and keeps the rest', () => {
    const update = updateKnobs({ ...HEALTHY, errorRate: 0.5 }, { delayMs: 20 });
    assert.deepEqual(update, {
      ok: true,
      knobs: { ...HEALTHY, delayMs: 20, errorRate: 0.5 },
    });
  });

  testRefused(undefined, /send a JSON object, for example \{"delayMs":500/);
  testRefused(null, /send a JSON object/);
  testRefused([], /send a JSON object/);
  testRefused('slow', /send a JSON object/);
  testRefused({ delayMS: 1 }, /no knob "delayMS": did you mean "delayMs"\?/);
  testRefused({ toString: 1 }, /no knob "toString"/);
  testRefused({ delayMs: -1 }, /"delayMs" must be a whole number from 0 to 600000, not -1/);
  testRefused({ delayMs: 1.5 }, /whole number/);
  testRefused({ delayMs: '5' }, /not "5"/);
  testRefused({ errorRate: 1.01 }, /"errorRate" must be a number from 0 to 1, not 1.01/);
  testRefused({ statusFailing: 'yes' }, /"statusFailing" must be true or false, not "yes"/);
  testRefused({ capacity: -1 }, /"capacity" must be a whole number from 0 to 100000, not -1/);
  testRefused({ warmUpMs: 0.5 }, /"warmUpMs" must be a whole number/);
  testRefused({ delayMs: 5, errorRate: null }, /"errorRate"/);

  it('holds valid knobs or names a reason, whatever is sent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), wanted => {
        const update = updateKnobs(HEALTHY, wanted);
        if (!update.ok) return update.error.length > 0;
        return updateKnobs(HEALTHY, update.knobs).ok;
      }),
    );
  });
});
