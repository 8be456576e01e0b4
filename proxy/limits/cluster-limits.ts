/** The limits of one cluster, ready for use: names of shared limits made, buckets sized. */
import { type BucketSize, bucketSize } from './bucket-size.ts';

/** Sōzu's value. */
export const DEFAULT_RETRY_AFTER_SECONDS = 60;

export interface ClusterLimits {
  /** 0: any. */
  readonly maxConnectionsPerIp: number;
  /** 0: any. */
  readonly maxRequests: number;
  readonly requestRate: BucketSize | undefined;
  /** Of the answers that cannot tell when there is room again; 0: they say nothing. */
  readonly retryAfterSeconds: number;
  readonly requestsKey: string;
  readonly rateKey: string;
  /** The client's key follows. */
  readonly clientKeyPrefix: string;
}

export interface LimitKeys {
  readonly id: string;
  readonly maxConnectionsPerIp?: number;
  readonly maxRequests?: number;
  readonly requestRate?: { readonly perSecond: number; readonly burst?: number };
  readonly retryAfterSeconds?: number;
}

/** Undefined for a cluster that takes whatever comes: that costs its requests one comparison. */
export function clusterLimits(cluster: LimitKeys): ClusterLimits | undefined {
  const { id, maxConnectionsPerIp = 0, maxRequests = 0, requestRate } = cluster;
  if (maxConnectionsPerIp === 0 && maxRequests === 0 && requestRate === undefined) return undefined;
  return {
    maxConnectionsPerIp,
    maxRequests,
    requestRate: requestRate === undefined ? undefined : bucketSize(requestRate),
    retryAfterSeconds: cluster.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS,
    requestsKey: `requests ${id}`,
    rateKey: `rate ${id}`,
    clientKeyPrefix: `client ${id} `,
  };
}
