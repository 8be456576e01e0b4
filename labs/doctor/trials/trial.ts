/** One trial: something is really done, inside a time limit, and how long it took is noted. */
import { messageOf } from '../../harness/errors.ts';
import type { TrialFact } from '../facts.ts';

/**
 * `work` may resolve with a note. It cleans up by itself, also when its signal aborts: when time is
 * up or somebody interrupts, and at the latest when the trial is over, however it ended.
 */
export async function trial(
  limitMs: number,
  interrupted: AbortSignal,
  work: (signal: AbortSignal) => Promise<string | undefined>,
): Promise<TrialFact> {
  interrupted.throwIfAborted();
  const start = performance.now();
  const tookMs = (): number => Math.round(performance.now() - start);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(interrupted.reason);
  interrupted.addEventListener('abort', interrupt);
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    stop.abort();
  }, limitMs);
  try {
    const note = await work(stop.signal);
    return { outcome: 'works', tookMs: tookMs(), ...(note !== undefined && { note }) };
  } catch (error) {
    interrupted.throwIfAborted();
    const said = isLate ? `no end within ${limitMs / 1_000} s` : messageOf(error);
    return { outcome: 'fails', tookMs: tookMs(), said };
  } finally {
    clearTimeout(limit);
    interrupted.removeEventListener('abort', interrupt);
    stop.abort();
  }
}
