/** All cases of answers, by category. */
import { answerChunks, answerEnds, answerExcess } from './answers/bodies.ts';
import { answerFields, answerFraming } from './answers/fields-and-framing.ts';
import { interimAnswers, statusLine } from './answers/status-line.ts';
import type { AnswerCase, CaseGroup } from './case.ts';

export const ANSWER_CASES: readonly CaseGroup<AnswerCase>[] = [
  statusLine,
  interimAnswers,
  answerFields,
  answerFraming,
  answerChunks,
  answerEnds,
  answerExcess,
];
