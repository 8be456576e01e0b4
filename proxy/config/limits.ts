/** The limits that the whole file or one listener sets, in the unit of requests: milliseconds. */
import * as z from 'zod';
import { secondsField } from './units.ts';

export interface Limits {
  readonly frontTimeoutMs: number;
  readonly backTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly tryDeadlineMs: number;
  readonly maxConnections: number;
}

/** What every cluster has that does not say otherwise. */
export interface ClusterDefaults {
  readonly retryAfterSeconds: number | undefined;
}

/** Sōzu's values; `tryDeadlineMs` is ours: the time to find a backend that answers. */
export const DEFAULT_LIMITS: Limits = {
  frontTimeoutMs: 60_000,
  backTimeoutMs: 30_000,
  connectTimeoutMs: 3_000,
  requestTimeoutMs: 10_000,
  tryDeadlineMs: 10_000,
  maxConnections: 10_000,
};

export interface LimitKeys {
  readonly front_timeout?: number | undefined;
  readonly back_timeout?: number | undefined;
  readonly connect_timeout?: number | undefined;
  readonly request_timeout?: number | undefined;
  readonly try_deadline?: number | undefined;
  readonly max_connections?: number | undefined;
}

export const limitsSchema: z.ZodType<LimitKeys> = z.object({
  front_timeout: secondsField.optional(),
  back_timeout: secondsField.optional(),
  connect_timeout: secondsField.optional(),
  request_timeout: secondsField.optional(),
  try_deadline: secondsField.optional(),
  max_connections: z.int().min(1, 'must be at least 1').optional(),
});

/** The keys that are set win over `base`. */
export function mergeLimits(base: Limits, keys: LimitKeys): Limits {
  return {
    frontTimeoutMs: keys.front_timeout ?? base.frontTimeoutMs,
    backTimeoutMs: keys.back_timeout ?? base.backTimeoutMs,
    connectTimeoutMs: keys.connect_timeout ?? base.connectTimeoutMs,
    requestTimeoutMs: keys.request_timeout ?? base.requestTimeoutMs,
    tryDeadlineMs: keys.try_deadline ?? base.tryDeadlineMs,
    maxConnections: keys.max_connections ?? base.maxConnections,
  };
}
