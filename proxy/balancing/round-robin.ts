/**
 * Smooth weighted round robin, nginx's algorithm: in each turn everybody earns credit by weight, the
 * one with the most credit serves and pays what all have earned together.
 *
 *     weights 4 : 1      credit before      serves     credit after
 *                          4    1             a          -1    1
 *                          3    2             a          -2    2
 *                          2    3             b           2   -2
 *                          6   -1             a           1   -1
 *                          5    0             a           0    0    and so on for ever
 *
 * Every run of as many turns as the weights add up to (divided by what they have in common) holds
 * each backend exactly as often as its weight says, and never in a burst. Equal weights come out as
 * a, b, c, a, …, which a cursor does without looking at anybody's credit.
 */
import type { BackendRuntime } from './backend-runtime.ts';
import { Candidates } from './candidates.ts';
import type { Policy } from './policy.ts';
import { weightAt } from './slow-start.ts';

/** Workers are numbered without end; nobody needs to be further ahead than that. */
const MOST_TURNS_AHEAD = 100;

/** `offset`: whose turn it is first. */
export function roundRobin(offset: number): Policy {
  let cursor = offset;
  const everybody = new Candidates();

  function choose(from: Candidates): BackendRuntime {
    if (!from.uniform) return smoothTurn(from);
    const turn = cursor % from.count;
    cursor = cursor >= Number.MAX_SAFE_INTEGER ? 0 : cursor + 1;
    return from.at(turn);
  }

  /** Nobody is owed anything: credits of other weights would take long to wear off. */
  function rearrange(backends: readonly BackendRuntime[], now: number): void {
    for (const backend of backends) backend.credit = 0;
    if (backends.length === 0) return;
    everybody.ask(now, 0, false);
    everybody.all(backends);
    for (let i = offset % MOST_TURNS_AHEAD; i > 0; i--) smoothTurn(everybody);
  }

  return { choose, rearrange };
}

function smoothTurn(from: Candidates): BackendRuntime {
  let total = 0;
  let best = from.at(0);
  for (let i = 0; i < from.count; i++) {
    const backend = from.at(i);
    const weight = weightAt(backend, from.now);
    total += weight;
    backend.credit += weight;
    if (backend.credit > best.credit) best = backend;
  }
  best.credit -= total;
  return best;
}
