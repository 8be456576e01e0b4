/** Waiting that ends at once when the run is interrupted. */
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../errors.ts';

export function interrupted(): LabError {
  return new LabError('LAB_INTERRUPTED', 'interrupted');
}

export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted();
}

/**
 * The work goes on by itself after an interruption; who started it must also end it. What it
 * rejects with then is nobody's concern any more.
 */
export async function unlessInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  throwIfInterrupted(signal);
  let stop = (): void => {};
  const abortion = new Promise<never>((_, reject) => {
    stop = () => reject(interrupted());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, abortion]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  throwIfInterrupted(signal);
  await delay(ms, undefined, { signal }).catch(() => {
    throw interrupted();
  });
}
