/** One check judged again as the run judged it: whenever something was recorded, until it settles. */
import type { HistoryRecord } from '../history.ts';
import type { Check } from '../lab.ts';
import type { Verdict } from '../verdict.ts';
import { diagnosed } from './diagnose.ts';
import type { JudgeContext } from './evidence.ts';
import { judge } from './judge.ts';
import { advance, type WindowState } from './window.ts';

/** Records of one look, or of one sample of all machines, were judged together. */
const TOGETHER_MS = 1;
/** The run's own clock was read a little before and after the records that stand for it. */
const CLOCK_MS = 0.1;

/**
 * `settledAt`: when the run's clock settled the check. A window ends by time, between two records,
 * so the history alone does not say whether anybody looked before the next one came.
 */
export function replayCheck(
  check: Check,
  records: readonly HistoryRecord[],
  context: JudgeContext,
  settledAt: number | undefined,
): Verdict {
  let state: WindowState = {};
  for (const { at, count } of looks(records, context.actedAt, settledAt)) {
    const known = records.slice(0, count);
    const verdict = judge(check.probe, known, context);
    state = advance(check.window, state, verdict, at, context.actedAt);
    if (state.settled !== undefined) return diagnosed(check, state.settled, known, context);
  }
  return state.latest ?? { kind: 'unknown', because: 'nothing was recorded' };
}

interface Look {
  readonly at: number;
  /** Records known by then. */
  readonly count: number;
}

function looks(
  records: readonly HistoryRecord[],
  actedAt: number,
  settledAt: number | undefined,
): readonly Look[] {
  const byRecord = records.flatMap(({ at }, index): readonly Look[] => {
    if (at < actedAt || isFollowed(records, index)) return [];
    return [{ at, count: index + 1 }];
  });
  if (settledAt === undefined) return byRecord;
  const until = settledAt + CLOCK_MS;
  const count = records.filter(({ at }) => at <= until).length;
  const before = byRecord.filter(({ at }) => at <= until);
  const after = byRecord.filter(({ at }) => at > until);
  return [...before, { at: until, count }, ...after];
}

/** Visitors are judged one by one: their requests are recorded as they end. */
function isFollowed(records: readonly HistoryRecord[], index: number): boolean {
  const [record, next] = [records[index], records[index + 1]];
  if (record === undefined || next === undefined || record.kind === 'request') return false;
  return next.kind === record.kind && next.at - record.at < TOGETHER_MS;
}
