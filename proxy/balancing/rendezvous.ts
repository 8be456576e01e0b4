/**
 * Rendezvous hashing: each backend draws a lot for the key, −weight / ln(lot), and the highest
 * serves. When a backend leaves, only its own keys move; its share of the keys is its share of the
 * weight. Costs a logarithm per backend.
 */
import type { BackendRuntime } from './backend-runtime.ts';
import type { Candidates } from './candidates.ts';
import { mix } from './hash.ts';
import type { Policy } from './policy.ts';
import { weightAt } from './slow-start.ts';

export function rendezvous(): Policy {
  return { choose: highestLot };
}

export function highestLot(from: Candidates): BackendRuntime {
  let best = from.at(0);
  let highest = -1;
  for (let i = 0; i < from.count; i++) {
    const backend = from.at(i);
    // In (0, 1): the ends would be no logarithm and a division by zero.
    const lot = (mix(from.key ^ backend.hash) + 0.5) / 2 ** 32;
    const score = -weightAt(backend, from.now) / Math.log(lot);
    if (score <= highest) continue;
    highest = score;
    best = backend;
  }
  return best;
}
