/** What a worker counts about one backend; it adds up over backends and workers. */
import { mergeTraffic, Traffic, type TrafficSnapshot } from './traffic.ts';

/** Every counter there is; all of them only grow. */
const counterNames = [
  'connects',
  'connectsRefused',
  'connectsReset',
  'connectsUnreachable',
  'connectsSilent',
  'connectsFailedOtherwise',
  /** Requests on a connection that had carried one before. */
  'reusedConnections',
  /** Requests, or connects for one, that it did not answer. */
  'failedTries',
  'breakerOpened',
  'breakerHalfOpened',
  'breakerClosed',
  'turnedUnhealthy',
  'turnedHealthy',
] as const;

export type BackendCounter = (typeof counterNames)[number];
export type BackendCounters = Readonly<Record<BackendCounter, number>>;

export interface BackendMetricsSnapshot extends BackendCounters {
  /** Of the requests that it answered. */
  readonly traffic: TrafficSnapshot;
}

const connectFailures = {
  refused: 'connectsRefused',
  reset: 'connectsReset',
  unreachable: 'connectsUnreachable',
  silent: 'connectsSilent',
  other: 'connectsFailedOtherwise',
} as const;

const breakerStates = {
  open: 'breakerOpened',
  'half-open': 'breakerHalfOpened',
  closed: 'breakerClosed',
} as const;

export class BackendMetrics implements BackendCounters {
  readonly traffic: Traffic = new Traffic();
  connects = 0;
  connectsRefused = 0;
  connectsReset = 0;
  connectsUnreachable = 0;
  connectsSilent = 0;
  connectsFailedOtherwise = 0;
  reusedConnections = 0;
  failedTries = 0;
  breakerOpened = 0;
  breakerHalfOpened = 0;
  breakerClosed = 0;
  turnedUnhealthy = 0;
  turnedHealthy = 0;

  connectFailed(failure: keyof typeof connectFailures): void {
    this[connectFailures[failure]]++;
  }

  breakerChanged(state: keyof typeof breakerStates): void {
    this[breakerStates[state]]++;
  }

  healthChanged(healthy: boolean): void {
    if (healthy) this.turnedHealthy++;
    else this.turnedUnhealthy++;
  }

  clear(): void {
    this.traffic.clear();
    for (const name of counterNames) this[name] = 0;
  }

  get isUnused(): boolean {
    return this.traffic.isUnused && counterNames.every(name => this[name] === 0);
  }

  snapshot(): BackendMetricsSnapshot {
    return { ...countersOf([this]), traffic: this.traffic.snapshot() };
  }
}

export function mergeBackends(parts: readonly BackendMetricsSnapshot[]): BackendMetricsSnapshot {
  return { ...countersOf(parts), traffic: mergeTraffic(parts.map(part => part.traffic)) };
}

function countersOf(parts: readonly BackendCounters[]): BackendCounters {
  const sums = counterNames.map(name => [name, parts.reduce((sum, part) => sum + part[name], 0)]);
  return Object.fromEntries(sums) as BackendCounters;
}
