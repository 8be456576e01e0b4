/** Awaits conditions that only looking again can tell, inside a deadline and until an abort. */
import { setTimeout as wait } from 'node:timers/promises';
import { MachineError } from '../errors.ts';

export interface Patience {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves with true as soon as `holds` does, and with false when the deadline has passed. */
export async function waitUntil(
  holds: () => boolean | Promise<boolean>,
  { deadlineMs, signal }: Patience,
): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 20)) {
    throwIfAborted(signal);
    if (await holds()) return true;
    if (performance.now() > end) return false;
    await wait(pauseMs);
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new MachineError('VM_ABORTED', 'Stopped before the end, as asked.', signal.reason);
  }
}
