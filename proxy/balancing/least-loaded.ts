/**
 * The backend with the least load for its weight. Where several have the least, they take turns by
 * weight: taking the first of the list would send every request of a quiet hour to one backend.
 */
import type { BackendRuntime } from './backend-runtime.ts';
import { Candidates } from './candidates.ts';
import type { Load } from './load.ts';
import type { Policy } from './policy.ts';
import { roundRobin } from './round-robin.ts';
import { weightAt } from './slow-start.ts';

export function leastLoaded(load: Load, offset: number): Policy {
  const turns = roundRobin(offset);
  const tied = new Candidates();

  function choose(from: Candidates): BackendRuntime | undefined {
    const { count, now } = from;
    let least = Number.POSITIVE_INFINITY;
    tied.ask(now, from.key, from.uniform);
    for (let i = 0; i < count; i++) {
      const backend = from.at(i);
      const weighed = load(backend, now) / weightAt(backend, now);
      if (weighed > least) continue;
      if (weighed < least) tied.none();
      least = weighed;
      tied.add(backend);
    }
    return tied.count === 1 ? tied.at(0) : turns.choose(tied);
  }

  function rearrange(backends: readonly BackendRuntime[], now: number): void {
    tied.forget();
    turns.rearrange?.(backends, now);
  }

  return { choose, rearrange };
}
