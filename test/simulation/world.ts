/**
 * One seed's world: a worker's data plane between simulated visitors and simulated machines, with
 * faults and changes on the way. What it promises is judged from what both sides saw.
 */

import type {
  Backend,
  BreakerOptions,
  Cluster,
  HealthCheck,
  Listener,
  StateRequest,
} from '../../proxy/command/requests.ts';
import { LOAD_BALANCING } from '../../proxy/command/schemas.ts';
import { Prober } from '../../proxy/health/prober.ts';
import { clientFacts } from '../../proxy/http1/forwarded.ts';
import { ListenerRules } from '../../proxy/net/listener/listener-rules.ts';
import { ClientSession } from '../../proxy/net/session/client-session.ts';
import { TimerWheel } from '../../proxy/net/socket/timer-wheel.ts';
import type { WireUser } from '../../proxy/net/upstream/dialer.ts';
import { DataPlane } from '../../proxy/worker/data-plane.ts';
import { Chance } from './chance.ts';
import { type MachineState, type Manners, SimBackend } from './sim-backend.ts';
import { SimClient, type SimRequest } from './sim-client.ts';
import type { EndUser, SimWire } from './sim-wire.ts';
import { VirtualTime } from './virtual-time.ts';

const LISTENER: Listener = {
  address: '127.0.0.1:80',
  protocol: 'http',
  answers: {},
  frontTimeoutMs: 20_000,
  backTimeoutMs: 15_000,
  connectTimeoutMs: 3_000,
  requestTimeoutMs: 10_000,
  tryDeadlineMs: 10_000,
  maxConnections: 1_000,
};

const CALM: Manners = {
  resets: 0,
  cuts: 0,
  garbage: 0,
  answersEarly: 0,
  closesIdle: 0,
  errors: 0,
};

/** Longer than every timeout and wait of the proxy together. */
const LONGEST_REQUEST_MS = 75_000;
const TROUBLE_MS = 20_000;
const HEALED_MS = 60_000;
const END_MS = 400_000;

interface Removal {
  readonly backend: SimBackend;
  readonly from: number;
  until: number;
}

export class World {
  /** Broken promises, one sentence each; none is what we want. */
  readonly problems: string[] = [];
  private readonly time = new VirtualTime();
  private readonly chance: Chance;
  private readonly plane: DataPlane;
  private readonly timers: TimerWheel;
  private readonly prober: Prober;
  /** With it even a frozen machine is found out. */
  private readonly healthCheck: HealthCheck | undefined;
  private cluster: Cluster | undefined = undefined;
  private readonly inState = new Map<string, Backend>();
  private readonly backends: SimBackend[] = [];
  private readonly clients: SimClient[] = [];
  private readonly sessions = new Set<ClientSession>();
  private readonly removals: Removal[] = [];
  /** The first machine never fails: then no request that may be repeated does. */
  private readonly isGuarded: boolean;
  private dials = 0;

  constructor(seed: number) {
    this.chance = new Chance(seed);
    this.isGuarded = this.chance.hits(0.5);
    this.healthCheck = this.chance.hits(0.4) ? anyHealthCheck(this.chance) : undefined;
    const random = (): number => this.chance.next();
    this.timers = this.wheel();
    this.plane = new DataPlane({
      workerId: 0,
      emit: () => {},
      random,
      timers: this.timers,
      dial: (address, user) => {
        this.dials++;
        return this.dial(address, user);
      },
    });
    this.prober = new Prober({
      dial: (address, user) => this.dial(address, user),
      timers: this.wheel(),
      random,
      emit: () => {},
      onChange: change => this.time.after(1, () => this.plane.setHealth([change])),
    });
    this.build();
  }

  private wheel(): TimerWheel {
    return new TimerWheel(
      () => this.time.now,
      (action, everyMs) => this.time.every(action, everyMs),
    );
  }

  private dial(address: string, user: WireUser): SimWire {
    const backend = this.backends.find(each => addressOf(each) === address);
    if (backend === undefined) throw new Error(`nobody is at ${address}`);
    return backend.dial(user);
  }

  get requests(): readonly SimRequest[] {
    return this.clients.flatMap(client => client.requests);
  }

  run(): void {
    this.planTrouble();
    for (const client of this.clients) client.ask(this.chance.between(5, 40));
    this.time.runUntil(TROUBLE_MS);
    this.heal();
    this.time.runUntil(TROUBLE_MS + LONGEST_REQUEST_MS);
    this.judgeTrouble();
    this.time.runUntil(TROUBLE_MS + LONGEST_REQUEST_MS + HEALED_MS);
    this.askOrdinary();
    for (const client of this.clients) client.leave();
    this.prober.stop();
    this.time.runUntil(END_MS);
    this.judgeLeaks();
  }

  private build(): void {
    const { chance } = this;
    this.apply({ kind: 'add-listener', listener: LISTENER });
    const cluster: Cluster = {
      id: 'web',
      loadBalancing: chance.oneOf(LOAD_BALANCING as [Cluster['loadBalancing']]),
      answers: {},
      ...(chance.hits(0.3) ? { slowStartMs: chance.between(1, 10_000) } : {}),
      ...(chance.hits(0.3) ? { stickySession: true } : {}),
      ...(chance.hits(0.3) ? { retry: { onError: true } } : {}),
      ...(chance.hits(0.5) ? { breaker: anyBreaker(chance) } : {}),
      ...(this.healthCheck === undefined ? {} : { healthCheck: this.healthCheck }),
    };
    this.cluster = cluster;
    this.apply({ kind: 'add-cluster', cluster });
    const { address: listener } = LISTENER;
    const frontend = { listener, hostname: 'web', path: '', clusterId: 'web' };
    this.apply({ kind: 'add-frontend', frontend });
    const isRude = !this.isGuarded && chance.hits(0.6);
    for (let n = 0; n < chance.between(1, 4); n++) {
      const manners = isRude ? rude(chance) : { ...CALM, closesIdle: chance.next() * 0.3 };
      const backend = new SimBackend(`b${n}`, this.time, chance, manners);
      this.backends.push(backend);
      const weight = chance.between(1, 300);
      const backup = n > 0 && chance.hits(0.2);
      this.apply({ kind: 'add-backend', backend: { ...wanted(backend), weight, backup } });
    }
    for (let n = 0; n < chance.between(1, 6); n++) {
      this.clients.push(new SimClient(`c${n}`, this.time, chance, wire => this.accept(wire)));
    }
  }

  private accept(wire: SimWire): EndUser {
    const facts = clientFacts('127.0.0.9', 9, '127.0.0.1', 80);
    const session = new ClientSession(
      this.plane,
      new ListenerRules(LISTENER),
      wire,
      facts,
      closed => this.sessions.delete(closed),
    );
    this.sessions.add(session);
    return {
      onBytes: (bytes, end) => session.onBytes(bytes, end),
      onDrain: () => session.onDrain(),
      onEnd: () => session.onEnd(),
      onError: () => session.close(),
      onClose: () => session.close(),
    };
  }

  private apply(request: StateRequest): void {
    const applied = this.plane.apply(request);
    if (!applied.ok) this.problems.push(`refused: ${applied.error.message}`);
    if (request.kind === 'add-backend') {
      this.inState.set(request.backend.backendId, request.backend);
    } else if (request.kind === 'remove-backend') {
      this.inState.delete(request.backendId ?? '');
    } else return;
    const { cluster, inState } = this;
    if (cluster !== undefined) this.prober.follow('web', { cluster, backends: inState });
  }

  private planTrouble(): void {
    const { chance } = this;
    const breakable = this.backends.slice(this.isGuarded ? 1 : 0);
    for (const backend of breakable) {
      for (let n = 0; n < chance.between(0, 4); n++) {
        this.time.after(chance.between(0, TROUBLE_MS - 1), () => this.disturb(backend));
      }
    }
  }

  private disturb(backend: SimBackend): void {
    if (this.chance.hits(0.3)) {
      this.toggle(backend);
      return;
    }
    if (this.chance.hits(0.2)) {
      this.reweigh(backend);
      return;
    }
    const faults: [MachineState, ...MachineState[]] = ['up', 'crashed', 'unreachable', 'silent'];
    // A frozen app cannot be told from a slow one: its requests wait for checks, or the back timeout.
    if (!this.isGuarded || this.healthCheck !== undefined) faults.push('frozen');
    backend.change(this.chance.oneOf(faults));
  }

  private toggle(backend: SimBackend): void {
    const removal = this.removals.find(each => each.backend === backend && each.until === Infinity);
    if (removal === undefined) {
      const { clusterId, backendId, address } = wanted(backend);
      this.apply({ kind: 'remove-backend', clusterId, backendId, address });
      this.removals.push({ backend, from: this.time.now, until: Infinity });
    } else {
      removal.until = this.time.now;
      this.apply({ kind: 'add-backend', backend: wanted(backend) });
    }
  }

  /** Also to 0, which sends visitors elsewhere, but for those whose cookie names it. */
  private reweigh(backend: SimBackend): void {
    if (this.isRemoved(backend)) return;
    const weight = this.chance.between(0, 3) * 100;
    this.apply({ kind: 'add-backend', backend: { ...wanted(backend), weight } });
  }

  private isRemoved(backend: SimBackend): boolean {
    return this.removals.some(each => each.backend === backend && each.until === Infinity);
  }

  private heal(): void {
    for (const backend of this.backends) {
      backend.manners = CALM;
      backend.change('up');
      if (!this.isRemoved(backend)) this.apply({ kind: 'add-backend', backend: wanted(backend) });
    }
    for (const removal of this.removals) {
      if (removal.until === Infinity) this.toggle(removal.backend);
    }
  }

  private judgeTrouble(): void {
    const { problems } = this;
    for (const backend of this.backends) problems.push(...backend.problems);
    for (const client of this.clients) problems.push(...client.problems);
    this.judgeRepeats();
    this.judgeRemovals();
    for (const request of this.requests) {
      const { id, method, outcome, status, sentAt, endedAt } = request;
      if (outcome === 'waiting') problems.push(`${id} was never answered`);
      const lasted = endedAt - sentAt;
      if (lasted > LONGEST_REQUEST_MS) problems.push(`${id} took ${lasted} ms`);
      const mayFail = method === 'POST' || outcome === 'left' || this.wasLeftFrozen(request);
      const mustSucceed = this.isGuarded && !mayFail;
      if (mustSucceed && status !== 200 && !this.isCutByFault(request)) {
        problems.push(`${id} (${method}) failed beside a healthy backend: ${outcome} ${status}`);
      }
    }
    const attempts = this.dials / Math.max(1, this.requests.length);
    if (attempts > this.backends.length + 1) {
      problems.push(`${attempts.toFixed(1)} connects per request: a retry storm`);
    }
  }

  /** Nobody checks a machine that is removed: a frozen one looks slow to those who wait for it. */
  private wasLeftFrozen({ sentAt, endedAt }: SimRequest): boolean {
    return (
      endedAt - sentAt >= LISTENER.backTimeoutMs &&
      this.removals.some(({ from }) => from >= sentAt && from <= endedAt)
    );
  }

  /** A machine that died in the middle of an answer: nobody can take back what was sent of it. */
  private isCutByFault({ id, outcome, connection }: SimRequest): boolean {
    if (outcome !== 'cut') return false;
    const client = this.clients.find(each => each.requests.some(request => request.id === id));
    const before = client?.requests.filter(each => each.connection === connection) ?? [];
    const acted = new Set(this.backends.slice(1).flatMap(backend => backend.acted));
    return before.some(request => request.outcome === 'cut' && acted.has(request.id));
  }

  private judgeRepeats(): void {
    const posts = new Set(
      this.requests.filter(each => each.method === 'POST').map(each => each.id),
    );
    const seen = new Set<string>();
    for (const id of this.backends.flatMap(backend => backend.acted)) {
      if (seen.has(id) && posts.has(id)) this.problems.push(`${id} (POST) was acted on twice`);
      seen.add(id);
    }
  }

  private judgeRemovals(): void {
    const byId = new Map(this.requests.map(request => [request.id, request]));
    for (const { backend, from, until } of this.removals) {
      for (const id of backend.acted) {
        const request = byId.get(id);
        if (request === undefined || request.outcome === 'left') continue;
        if (request.sentAt <= from || request.endedAt >= until) continue;
        this.problems.push(`${id} was sent to ${backend.name} after its removal`);
      }
    }
  }

  /** Whatever happened before: an ordinary request works. */
  private askOrdinary(): void {
    // An open breaker lets one request through on trial, and others are told 503 meanwhile.
    for (const client of this.clients) client.ask(2, true);
    this.time.runUntil(this.time.now + LONGEST_REQUEST_MS);
    const before = this.requests.length;
    for (const client of this.clients) client.ask(3, true);
    this.time.runUntil(this.time.now + LONGEST_REQUEST_MS);
    const ordinary = this.clients.flatMap(client => client.requests.slice(-3));
    if (this.requests.length !== before + ordinary.length) this.problems.push('not all could ask');
    for (const { id, method, outcome, status } of ordinary) {
      if (status === 200) continue;
      this.problems.push(`after all was healed ${id} (${method}) failed: ${outcome} ${status}`);
    }
  }

  private judgeLeaks(): void {
    const { activeRequests, backends } = this.plane.snapshot();
    const lent = backends.reduce((sum, backend) => sum + backend.activeRequests, 0);
    const idle = backends.reduce((sum, backend) => sum + backend.idleConnections, 0);
    if (this.sessions.size > 0) this.problems.push(`${this.sessions.size} sessions are left`);
    if (activeRequests !== 0) this.problems.push(`${activeRequests} requests are still counted`);
    if (lent !== 0) this.problems.push(`${lent} connections are still lent`);
    if (this.plane.upstreams.size !== idle) {
      this.problems.push(
        `${this.plane.upstreams.size} connections to backends, ${idle} of them idle`,
      );
    }
    this.plane.stop();
  }
}

function addressOf(backend: SimBackend): string {
  return `127.0.0.1:${1000 + Number(backend.name.slice(1))}`;
}

function wanted(backend: SimBackend): Backend {
  return { clusterId: 'web', backendId: backend.name, address: addressOf(backend) };
}

function anyHealthCheck(chance: Chance): HealthCheck {
  return {
    uri: '/health',
    intervalMs: chance.between(200, 2_000),
    timeoutMs: chance.between(200, 1_000),
    healthyThreshold: chance.between(1, 3),
    unhealthyThreshold: chance.between(1, 3),
  };
}

function anyBreaker(chance: Chance): BreakerOptions {
  return {
    failureThreshold: chance.between(1, 6),
    firstWaitMs: chance.between(50, 2_000),
    countTimeouts: chance.hits(0.3),
    ...(chance.hits(0.4)
      ? { errorPercent: chance.between(10, 100), errorMinRequests: chance.between(1, 10) }
      : {}),
  };
}

function rude(chance: Chance): Manners {
  const often = (): number => (chance.hits(0.4) ? chance.next() * 0.3 : 0);
  return {
    resets: often(),
    cuts: often(),
    garbage: often(),
    answersEarly: often(),
    closesIdle: chance.next() * 0.5,
    errors: often(),
  };
}
