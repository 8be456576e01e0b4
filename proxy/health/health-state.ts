/**
 * What health checks say about one backend, as a pure step: it takes several results in a row to
 * change the verdict ("rise" and "fall"), and a result of the other kind starts the row anew.
 */

export interface HealthRules {
  readonly uri: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Successes in a row that make a backend healthy. */
  readonly healthyThreshold: number;
  /** Failures in a row that make it unhealthy. */
  readonly unhealthyThreshold: number;
  /** 0: any 2xx. */
  readonly expectedStatus: number;
}

export const DEFAULT_HEALTH: Omit<HealthRules, 'uri'> = {
  intervalMs: 10_000,
  timeoutMs: 5000,
  healthyThreshold: 3,
  unhealthyThreshold: 3,
  expectedStatus: 0,
};

export function healthRules(check: Partial<HealthRules> & { readonly uri: string }): HealthRules {
  return { ...DEFAULT_HEALTH, ...check };
}

export interface Health {
  readonly healthy: boolean;
  /** Results in a row that speak against `healthy`. */
  readonly against: number;
}

/** Nobody is condemned unheard. */
export const HEALTHY: Health = { healthy: true, against: 0 };

export function stepHealth(health: Health, isSuccess: boolean, rules: HealthRules): Health {
  const { healthy } = health;
  if (isSuccess === healthy) return health.against === 0 ? health : { healthy, against: 0 };
  const against = health.against + 1;
  const threshold = healthy ? rules.unhealthyThreshold : rules.healthyThreshold;
  return against < threshold ? { healthy, against } : { healthy: !healthy, against: 0 };
}

export function isExpected(status: number, { expectedStatus }: HealthRules): boolean {
  return expectedStatus === 0 ? status >= 200 && status < 300 : status === expectedStatus;
}
