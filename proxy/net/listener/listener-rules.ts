/** What a listener says, as its sessions see it: a change reaches those that are open as well. */
import type { Listener } from '../../command/requests.ts';
import { type BucketSize, bucketSize } from '../../limits/bucket-size.ts';
import { type DenyRules, denyRulesOf } from '../../routing/deny-rules.ts';
import { TrustList } from '../admission/trust-list.ts';

export class ListenerRules {
  readonly address: string;
  config: Listener;
  denyRules: DenyRules | undefined;
  /** Infinity: any length. */
  maxBodyBytes: number;
  clientRate: BucketSize | undefined;
  /** The peers whose word about their clients counts. */
  trust: TrustList | undefined;
  /** It is removed: every answer is the last one of its connection. */
  leaving = false;

  constructor(config: Listener) {
    this.address = config.address;
    this.config = config;
    this.denyRules = denyRulesOf(config.deny);
    this.maxBodyBytes = maxBodyBytesOf(config);
    this.clientRate = clientRateOf(config);
    this.trust = trustOf(config);
  }

  change(config: Listener): void {
    this.config = config;
    this.denyRules = denyRulesOf(config.deny);
    this.maxBodyBytes = maxBodyBytesOf(config);
    this.clientRate = clientRateOf(config);
    this.trust = trustOf(config);
  }
}

function maxBodyBytesOf({ maxBodyBytes = 0 }: Listener): number {
  return maxBodyBytes === 0 ? Number.POSITIVE_INFINITY : maxBodyBytes;
}

function clientRateOf({ clientRate }: Listener): BucketSize | undefined {
  return clientRate === undefined ? undefined : bucketSize(clientRate);
}

function trustOf({ trustedProxies = [] }: Listener): TrustList | undefined {
  return trustedProxies.length > 0 ? new TrustList(trustedProxies) : undefined;
}
