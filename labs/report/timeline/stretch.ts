/** The part of a run that the drawing shows: before its first step there is only setting up. */
import type { HistoryRecord } from '../../harness/history.ts';
import { endOf, visitorRequests } from '../visitor-requests.ts';

export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Starts at a whole second. */
export function stretchOf(history: readonly HistoryRecord[], durationMs: number): Stretch {
  const steps = history.flatMap(record => (record.kind === 'step' ? record.at : []));
  const requests = visitorRequests(history);
  const starts = [...steps, ...requests.map(({ startedAt }) => startedAt)];
  const ends = [...steps, ...requests.map(endOf)];
  if (starts.length === 0) return { startMs: 0, endMs: durationMs };
  const first = starts.reduce((least, at) => Math.min(least, at));
  return {
    startMs: Math.floor(first / 1000) * 1000,
    endMs: ends.reduce((most, at) => Math.max(most, at)),
  };
}
