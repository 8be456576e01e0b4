/**
 * May this request go to a backend? One limit after the other is asked; each may answer later. A
 * session has an Admission only once it met a limit.
 */
import type { Listener } from '../command/requests.ts';
import { type BucketSize, bucketSize } from '../limits/bucket-size.ts';
import { clientKey } from '../limits/client-key.ts';
import { DEFAULT_RETRY_AFTER_SECONDS } from '../limits/cluster-limits.ts';
import type { Permission, PermitWaiter } from '../limits/held-permits.ts';
import type { TokenWaiter } from '../limits/held-tokens.ts';
import type { ClusterRuntime } from './data-plane-view.ts';
import type { Exchange } from './exchange.ts';
import type { RefusedBy, RequestLimits } from './request-limits.ts';

export interface AdmissionUser {
  /** What to say about a refusal is written here. */
  readonly exchange: Exchange;
  /** May be called before `seek` returns; so may `failAnswer`, with 429. */
  onAdmitted(cluster: ClusterRuntime): void;
  failAnswer(status: number): void;
}

/** What is cheap to refuse comes first, what has to be given back last. */
const CLIENT_RATE = 0;
const CLIENT_CONNECTION = 1;
const CLUSTER_RATE = 2;
const CLUSTER_REQUEST = 3;
const ADMITTED = 4;

export class Admission implements PermitWaiter, TokenWaiter {
  private readonly limits: RequestLimits;
  private readonly user: AdmissionUser;
  private readonly address: string;
  private readonly clientRate: BucketSize | undefined;
  private cluster: ClusterRuntime | undefined = undefined;
  private clientIp = '';
  private client = '';
  private clientRateKey = '';
  private step = ADMITTED;
  private waiting = false;
  /** The permit of the request in progress; '' without one. */
  private request = '';
  /** This connection's place among those of its client, by cluster. */
  private readonly places = new Map<string, string>();

  constructor(limits: RequestLimits, { address, clientRate }: Listener, user: AdmissionUser) {
    this.limits = limits;
    this.user = user;
    this.address = address;
    this.clientRate = clientRate === undefined ? undefined : bucketSize(clientRate);
  }

  seek(cluster: ClusterRuntime): void {
    this.cluster = cluster;
    const { clientIp } = this.user.exchange;
    if (clientIp !== this.clientIp) this.meet(clientIp);
    this.step = CLIENT_RATE;
    this.conclude(cluster, this.proceed(cluster));
  }

  endRequest(): void {
    this.waiting = false;
    this.cluster = undefined;
    if (this.request !== '') this.limits.shared.release(this.request);
    this.request = '';
  }

  close(): void {
    this.endRequest();
    for (const key of this.places.values()) this.limits.shared.release(key);
    this.places.clear();
  }

  onPermit(granted: boolean): boolean {
    if (!this.waiting || this.cluster === undefined) return false;
    if (granted) this.took(this.cluster);
    this.resume(this.cluster, granted, 0);
    return true;
  }

  onToken(waitMs: number): boolean {
    if (!this.waiting || this.cluster === undefined) return false;
    this.resume(this.cluster, waitMs === 0, waitMs);
    return true;
  }

  private resume(cluster: ClusterRuntime, granted: boolean, waitMs: number): void {
    this.waiting = false;
    if (granted) {
      this.step++;
      this.conclude(cluster, this.proceed(cluster));
    } else {
      this.refuse(cluster, waitMs);
      this.user.failAnswer(429);
    }
  }

  private conclude(cluster: ClusterRuntime, permission: Permission): void {
    if (permission === 'yes') this.user.onAdmitted(cluster);
    else if (permission === 'no') this.user.failAnswer(429);
  }

  private proceed(cluster: ClusterRuntime): Permission {
    for (; this.step < ADMITTED; this.step++) {
      const permission = this.pass(cluster);
      if (permission === 'yes') continue;
      this.waiting = permission === 'later';
      if (permission === 'no') this.refuse(cluster, this.limits.shared.waitMs);
      return permission;
    }
    return 'yes';
  }

  private pass({ limits }: ClusterRuntime): Permission {
    const { shared } = this.limits;
    if (this.step === CLIENT_RATE) {
      if (this.clientRate === undefined) return 'yes';
      return shared.take(this.clientRateKey, this.clientRate, this);
    }
    if (limits === undefined) return 'yes';
    if (this.step === CLIENT_CONNECTION) {
      if (limits.maxConnectionsPerIp === 0) return 'yes';
      return this.takePlace(limits.clientKeyPrefix, limits.maxConnectionsPerIp);
    }
    if (this.step === CLUSTER_RATE) {
      if (limits.requestRate === undefined) return 'yes';
      return shared.take(limits.rateKey, limits.requestRate, this);
    }
    if (limits.maxRequests === 0) return 'yes';
    const permission = shared.acquire(limits.requestsKey, limits.maxRequests, true, this);
    if (permission === 'yes') this.request = limits.requestsKey;
    return permission;
  }

  /** A place per connection, whatever it asks; behind a proxy, that of the client it asks for now. */
  private takePlace(prefix: string, limit: number): Permission {
    const key = prefix + this.client;
    const known = this.places.get(prefix);
    if (known === key) return 'yes';
    const permission = this.limits.shared.acquire(key, limit, false, this);
    if (permission === 'yes') this.keepPlace(prefix, key);
    return permission;
  }

  private keepPlace(prefix: string, key: string): void {
    const left = this.places.get(prefix);
    if (left !== undefined) this.limits.shared.release(left);
    this.places.set(prefix, key);
  }

  /** The permit that was waited for. */
  private took({ limits }: ClusterRuntime): void {
    if (limits === undefined) return;
    const { clientKeyPrefix, requestsKey } = limits;
    if (this.step === CLUSTER_REQUEST) this.request = requestsKey;
    else this.keepPlace(clientKeyPrefix, clientKeyPrefix + this.client);
  }

  private refuse(cluster: ClusterRuntime, waitMs: number): void {
    const by = this.refusedBy(cluster);
    const seconds = cluster.config.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS;
    const isRate = this.step === CLIENT_RATE || this.step === CLUSTER_RATE;
    const wait = isRate ? Math.max(1, Math.ceil(waitMs / 1000)) : seconds;
    const { exchange } = this.user;
    exchange.retryAfterSeconds = seconds === 0 ? 0 : wait;
    exchange.message = by.what;
    this.limits.refused(by);
  }

  private refusedBy({ id, limits }: ClusterRuntime): RefusedBy {
    const told = (key: string, why: string): RefusedBy => ({ key, clusterId: id, what: why });
    if (this.step === CLIENT_RATE) {
      const { perSecond } = this.clientRate ?? { perSecond: 0 };
      return told(this.address, `${this.client} may ask ${perSecond} times per second`);
    }
    if (this.step === CLIENT_CONNECTION) {
      const what = `${this.client} may have ${limits?.maxConnectionsPerIp} connections to cluster ${id}`;
      return told(`${limits?.clientKeyPrefix}`, what);
    }
    if (this.step === CLUSTER_RATE) {
      const perSecond = limits?.requestRate?.perSecond;
      return told(`${limits?.rateKey}`, `cluster ${id} takes ${perSecond} requests per second`);
    }
    const what = `cluster ${id} takes ${limits?.maxRequests} requests at once`;
    return told(`${limits?.requestsKey}`, what);
  }

  /** Nearly always there is one client per connection. */
  private meet(clientIp: string): void {
    this.clientIp = clientIp;
    this.client = clientKey(clientIp);
    this.clientRateKey = `${this.address} ${this.client}`;
  }
}
