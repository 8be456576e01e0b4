/** Random: every backend with a probability by its weight, whatever came before. */
import type { BackendRuntime } from './backend-runtime.ts';
import type { Candidates } from './candidates.ts';
import type { Policy } from './policy.ts';
import { weightAt } from './slow-start.ts';

/** `random` is in [0, 1). */
export function weightedRandom(random: () => number): Policy {
  return {
    choose(from: Candidates): BackendRuntime {
      if (from.uniform) return from.at(Math.floor(random() * from.count));
      let left = random() * from.totalWeight();
      for (let i = 0; i < from.count - 1; i++) {
        left -= weightAt(from.at(i), from.now);
        if (left < 0) return from.at(i);
      }
      return from.at(from.count - 1);
    },
  };
}
