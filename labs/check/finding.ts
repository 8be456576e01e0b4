/** What the gate for authors looks at, one finding per rule and place. */
import type { Lab } from '../harness/lab.ts';

/** In the order in which they are told. */
export const RULES = [
  'texts',
  'red-before',
  'green-after',
  'red-again',
  'one-prediction',
  'mistake',
  'story',
  'robot',
  'residue',
] as const;
export type Rule = (typeof RULES)[number];

export interface Finding {
  readonly rule: Rule;
  /** Step, or step and mistake. */
  readonly where: string;
  /** Undefined: it holds. */
  readonly problem: string | undefined;
}

export interface LabReport {
  readonly lab: Lab['id'];
  readonly findings: readonly Finding[];
  /** How long it took to go to the start of a step, by step; milliseconds. */
  readonly goToMs: Readonly<Record<string, number>>;
}

export function holds(rule: Rule, where: string): Finding {
  return { rule, where, problem: undefined };
}

export function broken(rule: Rule, where: string, problem: string): Finding {
  return { rule, where, problem };
}
