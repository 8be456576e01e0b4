/** Everything that can be fuzzed. */
import type { Target } from './target.ts';
import { answerBody } from './targets/answer-body.ts';
import { answerHead } from './targets/answer-head.ts';
import { chunks } from './targets/chunks.ts';
import { control } from './targets/control.ts';
import { requestHead } from './targets/request-head.ts';
import { routing } from './targets/routing.ts';

export const TARGETS: readonly Target[] = [
  requestHead,
  answerHead,
  answerBody,
  chunks,
  control,
  routing,
];
