/** The steps of shield, in their order. */
import type { Step } from '../../harness/lab.ts';
import { itArrives } from './arrives.ts';
import { closedDoor } from './closed-door.ts';
import { oneMoreRule, stopped } from './deny.ts';
import type { Words } from './words.ts';

export function steps(words: Words): readonly [Step, ...Step[]] {
  return [itArrives(words), stopped(words), oneMoreRule(words), closedDoor(words)];
}
