/** Three-valued judgement: a check that crashed or saw nothing is `unknown`, never a pass. */
import type { HistoryRecord } from './history.ts';

export interface Verdict {
  readonly kind: 'pass' | 'unknown' | 'fail';
  readonly because: string;
  /** The records that settled it, the weightiest first; at most `MOST_DECIDING`. */
  readonly decidedBy?: readonly HistoryRecord[];
}

/** As people see a verdict on a terminal. */
export const VERDICT_MARKS: Readonly<Record<Verdict['kind'], string>> = {
  pass: '✔',
  fail: '✘',
  unknown: '?',
};

export const MOST_DECIDING = 8;

const gravity: Readonly<Record<Verdict['kind'], number>> = { pass: 0, unknown: 1, fail: 2 };

/** The gravest verdict; no verdict at all is `unknown`. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const none: Verdict = { kind: 'unknown', because: 'no check ran' };
  return verdicts.reduce(
    (a, b) => (gravity[b.kind] > gravity[a.kind] ? b : a),
    verdicts[0] ?? none,
  );
}
