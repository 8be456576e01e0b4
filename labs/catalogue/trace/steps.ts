/** The steps of trace, in their order. */
import type { Step } from '../../harness/lab.ts';
import { oneNumber, oneTrace } from './ids.ts';
import { counted } from './metrics.ts';
import { wellAgain, whoIsSlow } from './slow.ts';
import type { Words } from './words.ts';

export function steps(words: Words): readonly [Step, ...Step[]] {
  return [oneNumber(words), oneTrace(words), whoIsSlow(words), wellAgain(words), counted(words)];
}
