/** `--delay` and `--rate` of `lab down`: how bad a failure is that has degrees. */
import type { FailureVerb } from '../../vms/machine.ts';
import type { FailureOptions } from '../../vms/provider.ts';
import { milliseconds } from '../harness/duration.ts';
import { LabError } from '../harness/errors.ts';
import type { Duration } from '../harness/lab.ts';

export interface TypedOptions {
  readonly delay?: string | undefined;
  readonly rate?: string | undefined;
}

/** Throws a LabError when an option does not fit the failure or holds what it may not. */
export function failureOptions(how: FailureVerb, { delay, rate }: TypedOptions): FailureOptions {
  if (delay !== undefined && how !== 'slow') throw misplaced('--delay', 'slow');
  if (rate !== undefined && how !== 'error') throw misplaced('--rate', 'error');
  return {
    ...(delay !== undefined && { delayMs: parseDelay(delay) }),
    ...(rate !== undefined && { rate: parseRate(rate) }),
  };
}

function misplaced(option: string, how: FailureVerb): LabError {
  return new LabError('LAB_USAGE', `${option} goes with --how ${how} only.`);
}

function parseDelay(text: string): number {
  if (/^\d+(\.\d+)?(ms|s|m)$/.test(text)) {
    const delayMs = Math.round(milliseconds(text as Duration));
    if (delayMs >= 1) return delayMs;
  }
  throw new LabError('LAB_USAGE', `--delay ${text}: write a time as 500ms or 2s.`);
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (/^[\d.]+$/.test(text) && rate > 0 && rate <= 1) return rate;
  throw new LabError(
    'LAB_USAGE',
    `--rate ${text}: write a share above 0 and up to 1, such as 0.5.`,
  );
}
