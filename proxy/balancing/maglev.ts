/**
 * Maglev hashing (Eisenbud et al., NSDI 2016): a table of a prime number of slots in which every
 * backend has its own order of preference and takes the next free slot when it is its turn. A choice
 * is one look at the table, however many backends there are; a change of the backends or weights
 * builds it anew, and few keys move that need not. A backend that cannot serve now keeps its slots:
 * its keys go on to whoever has the next slot, and come back with it.
 */
import type { BackendRuntime } from './backend-runtime.ts';
import type { Candidates } from './candidates.ts';
import { mix } from './hash.ts';
import type { Policy } from './policy.ts';
import { highestLot } from './rendezvous.ts';
import { warmth } from './slow-start.ts';

export const TABLE_SIZE: number = 65_537;
/** Slow start goes by steps here, because each one builds the table. */
export const WARM_STEPS: number = 10;

const FREE = 0xffff;

export function maglev(): Policy {
  let table: Uint16Array | undefined;
  let members: readonly BackendRuntime[] = [];
  let rebuildAt = Number.POSITIVE_INFINITY;

  function choose(from: Candidates): BackendRuntime {
    // Backups have no slots, and take part only among themselves.
    if (from.at(0).options.backup) return highestLot(from);
    if (table === undefined || from.now >= rebuildAt) {
      table = buildTable(members, from.now);
      rebuildAt = nextStep(members, from.now);
    }
    const start = mix(from.key) % TABLE_SIZE;
    for (let i = 0; i < TABLE_SIZE; i++) {
      const owner = members[table[(start + i) % TABLE_SIZE] as number];
      if (owner === undefined) break;
      if (from.list === members || from.includes(owner)) return owner;
    }
    return highestLot(from);
  }

  /** The table is built when it is needed: many changes in a row cost one. */
  function rearrange(backends: readonly BackendRuntime[]): void {
    members = backends;
    table = undefined;
  }

  return { choose, rearrange };
}

/** Slots → index of a member; all free when there is no member. */
function buildTable(members: readonly BackendRuntime[], now: number): Uint16Array {
  const table = new Uint16Array(TABLE_SIZE).fill(FREE);
  const weights = members.map(member => member.weight * step(member, now));
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  if (heaviest === 0) return table;
  const position = Float64Array.from(members, member => member.hash % TABLE_SIZE);
  const skip = members.map(member => (mix(member.hash + 1) % (TABLE_SIZE - 1)) + 1);
  /** Turns that a member has had, in units of the heaviest member's weight. */
  const due = new Float64Array(members.length);
  for (let round = 1, free = TABLE_SIZE; ; round++) {
    for (let index = 0; index < members.length; index++) {
      if (round * (weights[index] as number) < (due[index] as number)) continue;
      due[index] = (due[index] as number) + heaviest;
      takeNextFree(table, index, position, skip[index] as number);
      if (--free === 0) return table;
    }
  }
}

function takeNextFree(
  table: Uint16Array,
  index: number,
  position: Float64Array,
  skip: number,
): void {
  let slot = position[index] as number;
  while (table[slot] !== FREE) slot = (slot + skip) % TABLE_SIZE;
  table[slot] = index;
  position[index] = (slot + skip) % TABLE_SIZE;
}

function step(backend: BackendRuntime, now: number): number {
  return Math.max(1, Math.floor(warmth(backend, now) * WARM_STEPS)) / WARM_STEPS;
}

/** When the first of those that are warming up gets another slice of its weight. */
function nextStep(members: readonly BackendRuntime[], now: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { warmUntil, warmMs } of members) {
    if (warmUntil > now) first = Math.min(first, warmUntil, now + warmMs / WARM_STEPS);
  }
  return first;
}
