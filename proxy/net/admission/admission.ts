/**
 * May this request go to a backend? One limit after the other is asked; each may answer later. A
 * session has an Admission only once it met a limit.
 */
import { clientKey } from '../../limits/client-key.ts';
import { DEFAULT_RETRY_AFTER_SECONDS } from '../../limits/cluster-limits.ts';
import type { Permission, PermitWaiter } from '../../limits/held-permits.ts';
import type { TokenWaiter } from '../../limits/held-tokens.ts';
import type { ListenerRules } from '../listener/listener-rules.ts';
import type { ClusterRuntime } from '../session/data-plane-view.ts';
import type { Exchange } from '../session/exchange.ts';
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
  private readonly rules: ListenerRules;
  private cluster: ClusterRuntime | undefined = undefined;
  private clientIp = '';
  private client = '';
  private clientRateKey = '';
  private step = ADMITTED;
  /** The limit whose answer is awaited; '' for none. An answer for a former request may come late. */
  private awaited = '';
  /** The permit of the request in progress; '' without one. */
  private request = '';
  /** This connection's place among those of its client, by cluster. */
  private readonly places = new Map<string, string>();

  constructor(limits: RequestLimits, rules: ListenerRules, user: AdmissionUser) {
    this.limits = limits;
    this.user = user;
    this.rules = rules;
  }

  seek(cluster: ClusterRuntime): void {
    this.cluster = cluster;
    const { clientIp } = this.user.exchange;
    if (clientIp !== this.clientIp) this.meet(clientIp);
    this.step = CLIENT_RATE;
    this.conclude(cluster, this.proceed(cluster));
  }

  endRequest(): void {
    this.awaited = '';
    this.cluster = undefined;
    const { request } = this;
    this.request = '';
    if (request !== '') this.limits.shared.release(request);
  }

  close(): void {
    this.endRequest();
    for (const key of this.places.values()) this.limits.shared.release(key);
    this.places.clear();
  }

  onPermit(granted: boolean, key: string): boolean {
    if (this.awaited !== key || this.cluster === undefined) return false;
    if (granted) this.took(this.cluster.id, key);
    this.resume(this.cluster, granted, 0);
    return true;
  }

  onToken(waitMs: number, key: string): boolean {
    if (this.awaited !== key || this.cluster === undefined) return false;
    this.resume(this.cluster, waitMs === 0, waitMs);
    return true;
  }

  private resume(cluster: ClusterRuntime, granted: boolean, waitMs: number): void {
    this.awaited = '';
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
      if (permission === 'later') this.awaited = this.keyOf(cluster);
      if (permission === 'no') this.refuse(cluster, this.limits.shared.waitMs);
      return permission;
    }
    return 'yes';
  }

  private pass(cluster: ClusterRuntime): Permission {
    const { id, limits } = cluster;
    const { shared } = this.limits;
    if (this.step === CLIENT_RATE) {
      const { clientRate } = this.rules;
      return clientRate === undefined ? 'yes' : shared.take(this.clientRateKey, clientRate, this);
    }
    if (limits === undefined) return 'yes';
    const key = this.keyOf(cluster);
    if (this.step === CLUSTER_RATE) {
      return limits.requestRate === undefined ? 'yes' : shared.take(key, limits.requestRate, this);
    }
    const isRequest = this.step === CLUSTER_REQUEST;
    const limit = isRequest ? limits.maxRequests : limits.maxConnectionsPerIp;
    // A connection has one place, whatever it asks.
    if (limit === 0 || (!isRequest && this.places.get(id) === key)) return 'yes';
    const permission = shared.acquire(key, limit, isRequest, this);
    if (permission === 'yes') this.took(id, key);
    return permission;
  }

  /** Of the limit that is asked now. */
  private keyOf({ limits }: ClusterRuntime): string {
    if (this.step === CLIENT_RATE) return this.clientRateKey;
    if (limits === undefined) return '';
    if (this.step === CLIENT_CONNECTION) return limits.clientKeyPrefix + this.client;
    return this.step === CLUSTER_RATE ? limits.rateKey : limits.requestsKey;
  }

  /** Behind a proxy a connection has the place of the client that it asks for now. */
  private keepPlace(clusterId: string, key: string): void {
    const left = this.places.get(clusterId);
    if (left !== undefined) this.limits.shared.release(left);
    this.places.set(clusterId, key);
  }

  private took(clusterId: string, key: string): void {
    if (this.step === CLUSTER_REQUEST) this.request = key;
    else this.keepPlace(clusterId, key);
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
      const { perSecond } = this.rules.clientRate ?? { perSecond: 0 };
      return told(this.rules.address, `${this.client} may ask ${perSecond} times per second`);
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
    this.clientRateKey = `${this.rules.address} ${this.client}`;
  }
}
