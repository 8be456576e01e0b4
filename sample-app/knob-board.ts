/** Holds the knobs in force and knows since when the machine warms up. */
import { type Knobs, type KnobsUpdate, updateKnobs } from './knobs.ts';

export interface KnobBoard {
  readonly inForce: Knobs;
  /** Milliseconds since the start: a machine is cold then, and at no other time. */
  warmForMs(): number;
  update(wanted: unknown): KnobsUpdate;
  /** Back to normal. */
  reset(): Knobs;
}

export interface KnobSettings {
  /** What a reset goes back to. */
  readonly normal: Knobs;
  readonly atStart: Knobs;
}

export function createKnobBoard({ normal, atStart }: KnobSettings, now: () => number): KnobBoard {
  let inForce = atStart;
  const began = now();
  return {
    get inForce() {
      return inForce;
    },
    warmForMs: () => now() - began,
    update(wanted) {
      const update = updateKnobs(inForce, wanted);
      if (!update.ok) return update;
      inForce = update.knobs;
      return update;
    },
    reset() {
      inForce = normal;
      return inForce;
    },
  };
}
