/** When a step began, acted and ended, as the history has it. */
import type { HistoryRecord, StepRecord } from '../history.ts';

export interface StepMoments {
  readonly startedAt: number;
  readonly actedAt: number;
  /** Records that were there when the step ended. */
  readonly count: number;
  readonly isDone: boolean;
}

/** Undefined when the step was not reached. */
export function stepMoments(
  step: string,
  records: readonly HistoryRecord[],
): StepMoments | undefined {
  const indexOf = (phase: StepRecord['phase']): number =>
    records.findIndex(one => one.kind === 'step' && one.step === step && one.phase === phase);
  const startedAt = records[indexOf('start')]?.at;
  const actedAt = records[indexOf('acted')]?.at;
  const end = indexOf('end');
  if (startedAt === undefined || actedAt === undefined) return undefined;
  return { startedAt, actedAt, count: end < 0 ? records.length : end, isDone: end >= 0 };
}

/**
 * The same of a learner, who may begin a step more than once: what counts is the last time that it
 * was done, else the last time that it was begun. It acts with the last change of the world before
 * it was done; where nothing was changed, with its beginning.
 */
export function stepMomentsByHand(
  step: string,
  records: readonly HistoryRecord[],
): StepMoments | undefined {
  const isOfStep = (phase: StepRecord['phase']) => (one: HistoryRecord) =>
    one.kind === 'step' && one.step === step && one.phase === phase;
  const end = records.findLastIndex(isOfStep('end'));
  const start = records.slice(0, end < 0 ? undefined : end).findLastIndex(isOfStep('start'));
  const startedAt = records[start]?.at;
  if (startedAt === undefined) return undefined;
  const left = records.findLastIndex(isOfStep('left'));
  const count = end >= 0 ? end : left > start ? left : records.length;
  const acted = records.slice(start, count).findLast(isOfStep('acted'));
  return { startedAt, actedAt: acted?.at ?? startedAt, count, isDone: end >= 0 };
}
