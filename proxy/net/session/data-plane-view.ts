/** What a session may ask of the worker's data plane, and nothing more. */
import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import type { BackendSet } from '../../balancing/backend-set.ts';
import type { BreakerRules } from '../../balancing/circuit-breaker.ts';
import type { RetryBudget } from '../../balancing/retry-budget.ts';
import type { Cluster, DataPlaneSettings, Frontend } from '../../command/requests.ts';
import type { Head } from '../../http1/head.ts';
import type { HeadWriter } from '../../http1/head-writer.ts';
import type { ClusterLimits } from '../../limits/cluster-limits.ts';
import type { ClusterMetrics } from '../../metrics/cluster-metrics.ts';
import type { Counters } from '../../metrics/counters.ts';
import type { Found } from '../../routing/route-table.ts';
import type { Denials } from '../admission/denials.ts';
import type { KeyReader } from '../admission/hash-key.ts';
import type { RequestLimits } from '../admission/request-limits.ts';
import type { ConnectionLimits } from '../listener/connection-limits.ts';
import type { RequestRecords } from '../records/request-records.ts';
import type { TimerWheel } from '../socket/timer-wheel.ts';
import type { BackendOutcomes } from '../upstream/backend-outcomes.ts';
import type { PresenceCheck } from '../upstream/presence-check.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';

export interface ClusterRuntime {
  readonly id: string;
  config: Cluster;
  readonly backends: BackendSet;
  /** Asked only when the policy of the backends wants a key. */
  readKey: KeyReader;
  readonly metrics: ClusterMetrics;
  /** Of `config`, with its defaults. */
  breaker: BreakerRules;
  readonly retries: RetryBudget;
  /** Of `config`; undefined: none. */
  limits: ClusterLimits | undefined;
}

export interface DataPlaneView {
  readonly timers: TimerWheel;
  readonly counters: Counters;
  readonly denials: Denials;
  readonly upstreams: UpstreamPool;
  readonly outcomes: BackendOutcomes;
  readonly presence: PresenceCheck;
  readonly records: RequestRecords;
  readonly connectionLimits: ConnectionLimits;
  readonly requestLimits: RequestLimits;
  /** Scratch that every session fills anew; valid within one call only. */
  readonly requestHead: Head;
  readonly answerHead: Head;
  readonly writer: HeadWriter;
  /** Every socket reads into it; what it holds is used up before the next read. */
  readonly readBuffer: Buffer;
  readonly settings: DataPlaneSettings;
  /** Soft stop: every answer is the last one of its connection. */
  readonly draining: boolean;
  nextRequestId(): string;
  /** `hostname` is lower case, without port; the head has passed the request rules. */
  findFrontend(listener: string, hostname: string, head: Head): Found<Frontend>;
  findCluster(clusterId: string): ClusterRuntime | undefined;
  /** The last request of a backend that gets no new ones may have ended. */
  requestEnded(backend: BackendRuntime): void;
}
