/** A short run of every fuzz target with a fixed seed; `npm run fuzz` runs as long as one likes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { disagreement } from './llhttp.ts';
import { type Target, Violation } from './target.ts';
import { requestHead } from './targets/request-head.ts';
import { TARGETS } from './targets.ts';

/** Of a run that must end soon on a slow machine as well. */
const SHORT = { seed: 1, milliseconds: 3_000, coverageEvery: 0 };
const INPUTS: Readonly<Record<string, number>> = { body: 8_000, control: 5_000, routing: 50_000 };

describe('fuzzing', () => {
  for (const target of TARGETS) {
    it(`finds nothing in ${target.name}`, async () => {
      const corpus = await readCorpus(target.name);
      const inputs = INPUTS[target.name] ?? 60_000;
      const { failures, relayed } = fuzz(target, { ...SHORT, inputs, corpus });
      assert.deepEqual(
        failures.map(({ input, reason }) => [input.toString('latin1'), reason.split('\n')[0]]),
        [],
      );
      for (const text of relayed) assert.equal(await disagreement(text), undefined, text);
    });
  }

  it('finds a planted defect, and the same one with the same seed', () => {
    const broken: Target = {
      ...requestHead,
      check(bytes, random) {
        if (/\r\n[^\r\n]+ :/.test(bytes.toString('latin1'))) throw new Violation('planted');
        return requestHead.check(bytes, random);
      },
    };
    const seeds = requestHead.seeds.filter(seed => !/ :/.test(seed.toString('latin1')));
    const options = { ...SHORT, inputs: 50_000, corpus: [] };
    const [first, second] = [1, 2].map(() => fuzz({ ...broken, seeds }, options).failures);
    const [failure] = first ?? [];
    assert.match(failure?.reason ?? '', /^planted/);
    assert.deepEqual(second?.[0]?.input, failure?.input);
  });
});
