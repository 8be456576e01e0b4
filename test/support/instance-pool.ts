/**
 * Instances for the labs of tests, shared by every test process of this computer: addresses and
 * ports are the computer's, so two labs on one instance at a time would meet.
 */
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { addressPlan, MAX_INSTANCE } from '../../vms/address-plan.ts';
import { MachineError } from '../../vms/errors.ts';
import { claim, ownerOf, release } from '../../vms/lease.ts';

/** Two suites at once on one computer: a file may have to wait for the longest one of the other. */
const PATIENCE_MS = 600_000;

const LOOK_AGAIN_MS = 50;

export interface PoolPlace {
  /** Where the claims lie; default: the same for every test process of this user. */
  readonly folder?: string;
  readonly instances?: readonly number[];
  /** On 127.0.0.1: when somebody listens on one of them, the instance is passed over. */
  readonly portsOf?: (instance: number) => readonly number[];
}

export class InstancePool {
  readonly #folder: string;
  readonly #instances: readonly number[];
  readonly #portsOf: (instance: number) => readonly number[];
  readonly #mine = new Set<number>();

  constructor({ folder, instances, portsOf }: PoolPlace = {}) {
    const user = process.getuid?.() ?? 'user';
    this.#folder = folder ?? path.join(tmpdir(), `relais-test-instances-${user}`);
    this.#instances = instances ?? Array.from({ length: MAX_INSTANCE + 1 }, (_, one) => one);
    this.#portsOf = portsOf ?? portsOfLab;
  }

  /** Waits until an instance is free; rejects naming who has them when none gets free in time. */
  async take(patienceMs: number = PATIENCE_MS): Promise<number> {
    const end = performance.now() + patienceMs;
    do {
      const free = await this.#takeFree();
      if (free !== undefined) return free;
      // Apart, so that two who stepped back from each other do not meet again; and seldom: a look
      // at every claim costs time that the labs at work need.
      await wait(LOOK_AGAIN_MS * (1 + Math.random()));
    } while (performance.now() < end);
    const inUse = this.#instances.map(instance => `  ${instance}: ${this.#holderOf(instance)}`);
    throw new Error(`no instance for a lab got free in ${patienceMs} ms:\n${inUse.join('\n')}`);
  }

  /** What a process that died had is free without it. */
  giveBack(instance: number): void {
    if (this.#mine.delete(instance)) release(this.#claimOf(instance));
  }

  async #takeFree(): Promise<number | undefined> {
    for (const instance of this.#instances) {
      // A claim tells processes apart; this process may have taken it for another home.
      if (this.#mine.has(instance) || !this.#claims(instance)) continue;
      this.#mine.add(instance);
      if (await areFree(this.#portsOf(instance))) return instance;
      this.giveBack(instance);
    }
    return undefined;
  }

  #claims(instance: number): boolean {
    const folder = this.#claimOf(instance);
    if (ownerOf(folder) !== undefined) return false;
    try {
      claim(folder);
      return true;
    } catch (error) {
      if (error instanceof MachineError && error.code === 'VM_LEASE_HELD') return false;
      throw error;
    }
  }

  #holderOf(instance: number): string {
    if (this.#mine.has(instance)) return 'this process has it';
    const owner = ownerOf(this.#claimOf(instance));
    if (owner !== undefined) return `process ${owner.pid} has it`;
    return `somebody listens on one of its ports (${this.#portsOf(instance).join(', ')})`;
  }

  #claimOf(instance: number): string {
    return path.join(this.#folder, String(instance));
  }
}

function portsOfLab(instance: number): readonly number[] {
  const { proxyPort, secondProxyPort, machines } = addressPlan(instance);
  const forwarded = Object.values(machines).map(({ forwardedPort }) => forwardedPort);
  return [proxyPort, secondProxyPort, ...forwarded];
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  const free = await Promise.all(ports.map(isFree));
  return free.every(one => one);
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
