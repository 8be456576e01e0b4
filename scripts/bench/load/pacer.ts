/**
 * Calls back at a fixed rate, to a tenth of a millisecond. Timers of the event loop know whole
 * milliseconds only, so a thread sleeps until each moment and sends a message.
 */
import { Worker } from 'node:worker_threads';

const SLEEPER = `
  const { parentPort, workerData: { startAt, count, intervalMs } } = require('node:worker_threads');
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const now = () => Number(process.hrtime.bigint()) / 1e6;
  for (let n = 0; n < count; n++) {
    const wait = startAt + n * intervalMs - now();
    if (wait > 0) Atomics.wait(cell, 0, 0, wait);
    parentPort.postMessage(n);
  }`;

/** Monotonic milliseconds, the same in every thread. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export interface Pace {
  readonly perSecond: number;
  readonly count: number;
}

/** `onDue` gets the moment at which it should have been called. Resolves behind the last call. */
export function keepPace(pace: Pace, onDue: (dueAt: number) => void): Promise<void> {
  const intervalMs = 1000 / pace.perSecond;
  const startAt = now() + 200;
  const sleeper = new Worker(SLEEPER, {
    eval: true,
    workerData: { startAt, count: pace.count, intervalMs },
  });
  return new Promise((resolve, reject) => {
    sleeper.on('message', (n: number) => onDue(startAt + n * intervalMs));
    sleeper.on('error', reject);
    sleeper.on('exit', () => resolve());
  });
}
