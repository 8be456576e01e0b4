/** What one of several workers answered. */
import type { Answer } from './worker-process.ts';

export interface WorkerAnswer {
  readonly workerId: number;
  readonly answer: Answer;
}
