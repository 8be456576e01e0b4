/** How the file writes times and rates, and what a request holds: milliseconds. */
import * as z from 'zod';
import { strictTable } from './explain-issue.ts';

const LONGEST_SECONDS = 86_400;

export const secondsField: z.ZodType<number, number> = z
  .number()
  .min(0.001, 'must be more than 0 seconds')
  .max(LONGEST_SECONDS, 'is longer than a day; the unit is seconds')
  .transform(value => Math.round(value * 1_000));

/** 0 turns off what it limits. */
export const secondsOrOffField: z.ZodType<number, number> = z
  .number()
  .min(0, 'must be at least 0 seconds')
  .max(LONGEST_SECONDS, 'is longer than a day; the unit is seconds')
  .transform(value => Math.round(value * 1_000));

export const countOrOffField: z.ZodInt = z
  .int()
  .min(0, 'must be at least 0; 0 means no limit')
  .max(Number.MAX_SAFE_INTEGER);

export const rateField: z.ZodType<{ perSecond: number; burst?: number }> = strictTable({
  per_second: z.number().min(0.001, 'must be more than 0'),
  burst: z.int().min(1, 'must be at least 1').optional(),
}).transform(({ per_second: perSecond, burst }) =>
  burst === undefined ? { perSecond } : { perSecond, burst },
);
