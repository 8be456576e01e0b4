/** Many worlds, each from a seed of its own: what fails once can be repeated for ever. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { World } from './world.ts';

const SEEDS = 512;

describe('simulation', () => {
  it(`keeps every promise in ${SEEDS} worlds`, () => {
    const failures: string[] = [];
    let requests = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = new World(seed);
      world.run();
      requests += world.requests.length;
      if (world.problems.length > 0) {
        failures.push(`seed ${seed}:\n  ${world.problems.slice(0, 5).join('\n  ')}`);
      }
    }
    assert.ok(requests > SEEDS * 20, `only ${requests} requests were made`);
    assert.deepEqual(failures.slice(0, 5), [], `${failures.length} of ${SEEDS} worlds failed`);
  });

  it('repeats a seed exactly', () => {
    const [one, two] = [new World(7), new World(7)];
    one.run();
    two.run();
    assert.deepEqual(one.requests, two.requests);
  });
});
