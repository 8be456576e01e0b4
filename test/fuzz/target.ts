/** Something that reads bytes from strangers, and what must hold whatever they are. */
import type { Random } from './random.ts';

export interface Outcome {
  /** Inputs with different signatures took different ways; a new one is worth keeping. */
  readonly signature: string;
  /** What is passed on to others for this input, as a whole message. */
  readonly relayed?: string;
}

export interface Target {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  readonly dictionary: readonly Buffer[];
  /** Throws when something does not hold. */
  check(bytes: Buffer, random: Random): Outcome;
}

/** Reads a property of an input that does not hold. */
export class Violation extends Error {}

export function latin1(texts: readonly string[]): Buffer[] {
  return texts.map(text => Buffer.from(text, 'latin1'));
}
