/** What happens to the proxy while it serves: machines fail, and somebody changes everything. */
import type { CommandClient, StateRequest } from '../../proxy/index.ts';
import type { Machine } from './machine.ts';

const LISTENER_HOST = 'soak';
const POLICIES = [
  'round-robin',
  'random',
  'least-connections',
  'least-requests',
  'peak-ewma',
  'two-choices',
  'rendezvous',
  'maglev',
] as const;
const CALM = { delayMs: 0, errors: 0, keepAliveMs: 30_000 };

export class Troubles {
  faults = 0;
  changes = 0;
  private readonly machines: readonly Machine[];
  private readonly client: CommandClient;
  private readonly listener: string;
  private readonly cluster: StateRequest & { kind: 'add-cluster' };
  private readonly loops: Promise<void>[] = [];
  private stopping = false;

  /** The first machine is left alone: whatever happens, one backend can answer. */
  constructor(
    machines: readonly Machine[],
    client: CommandClient,
    listener: string,
    cluster: StateRequest & { kind: 'add-cluster' },
  ) {
    this.machines = machines;
    this.client = client;
    this.listener = listener;
    this.cluster = cluster;
  }

  start(): void {
    for (const machine of this.machines.slice(1)) this.loops.push(this.trouble(machine));
    this.loops.push(this.change());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
  }

  private async trouble(machine: Machine): Promise<void> {
    while (!this.stopping) {
      await this.wait(1_000, 6_000);
      this.faults++;
      const dice = Math.random();
      if (dice < 0.4) await this.crash(machine);
      else if (dice < 0.6) await this.freeze(machine);
      else if (dice < 0.8) machine.be({ delayMs: 200, errors: 0, keepAliveMs: 5_000 });
      else machine.be({ delayMs: 0, errors: 0.3, keepAliveMs: 50 });
      await this.wait(500, 4_000);
      machine.be(CALM);
    }
  }

  private async crash(machine: Machine): Promise<void> {
    await machine.crash();
    await this.wait(200, 4_000);
    await machine.start();
  }

  private async freeze(machine: Machine): Promise<void> {
    machine.freeze();
    await this.wait(200, 5_000);
    machine.thaw();
  }

  private async change(): Promise<void> {
    while (!this.stopping) {
      await this.wait(100, 800);
      const dice = Math.random();
      if (dice < 0.3) await this.weigh();
      else if (dice < 0.6) await this.removeAndAdd();
      else if (dice < 0.8) await this.changePolicy();
      else await this.changeManyFrontends();
    }
  }

  private async weigh(): Promise<void> {
    const machine = this.anyBreakable();
    const weight = Math.floor(Math.random() * 200);
    const { name: backendId, address } = machine;
    await this.send({ kind: 'set-weight', clusterId: LISTENER_HOST, backendId, address, weight });
  }

  private async removeAndAdd(): Promise<void> {
    const { name: backendId, address } = this.anyBreakable();
    const backend = { clusterId: LISTENER_HOST, backendId, address };
    await this.send({ kind: 'remove-backend', ...backend });
    await this.wait(0, 500);
    await this.send({ kind: 'add-backend', backend });
  }

  private async changePolicy(): Promise<void> {
    const loadBalancing = POLICIES[Math.floor(Math.random() * POLICIES.length)] ?? 'random';
    const cluster = { ...this.cluster.cluster, loadBalancing };
    await this.send({ kind: 'add-cluster', cluster });
  }

  private async changeManyFrontends(): Promise<void> {
    const frontends = Array.from({ length: 50 }, (_, n) => ({
      listener: this.listener,
      hostname: `host-${n}.example.org`,
      path: '',
      clusterId: LISTENER_HOST,
    }));
    for (const frontend of frontends) await this.send({ kind: 'add-frontend', frontend });
    for (const frontend of frontends) await this.send({ kind: 'remove-frontend', frontend });
  }

  private async send(request: Parameters<CommandClient['send']>[0]): Promise<void> {
    const reply = await this.client.send(request, { timeoutMs: 30_000 });
    if (reply.status !== 'ok') throw new Error(`${request.kind}: ${reply.message}`);
    this.changes++;
  }

  private anyBreakable(): Machine {
    const breakable = this.machines.slice(1);
    const found = breakable[Math.floor(Math.random() * breakable.length)];
    if (found === undefined) throw new Error('the soak needs at least two machines');
    return found;
  }

  /** Between both times, or until the soak ends. */
  private async wait(leastMs: number, mostMs: number): Promise<void> {
    const until = performance.now() + leastMs + Math.random() * (mostMs - leastMs);
    while (!this.stopping && performance.now() < until) {
      await new Promise(resolve => setTimeout(resolve, Math.min(100, until - performance.now())));
    }
  }
}
