/**
 * The better of two that are drawn at random. Nearly as even as the least loaded of all, and workers
 * that do not know of each other's requests do not all run to the same backend.
 */
import type { BackendRuntime } from './backend-runtime.ts';
import type { Candidates } from './candidates.ts';
import type { Load } from './load.ts';
import type { Policy } from './policy.ts';
import { weightAt } from './slow-start.ts';

/** `random` is in [0, 1). */
export function twoChoices(load: Load, random: () => number): Policy {
  return {
    choose({ list, count, now }: Candidates): BackendRuntime {
      const first = Math.floor(random() * count);
      // One of the others, each with the same probability.
      const second = (first + 1 + Math.floor(random() * (count - 1))) % count;
      const [a, b] = [list[first] as BackendRuntime, list[second] as BackendRuntime];
      const [weightA, weightB] = [weightAt(a, now), weightAt(b, now)];
      const difference = load(a, now) * weightB - load(b, now) * weightA;
      if (difference !== 0) return difference < 0 ? a : b;
      return random() * (weightA + weightB) < weightA ? a : b;
    },
  };
}
