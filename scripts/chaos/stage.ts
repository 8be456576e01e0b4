/** Where one fault is performed: the proxy, what was done to it, and what must therefore not happen. */
import { now } from '../bench/load/pacer.ts';
import type { BackendName, Backends } from './backends/backends.ts';
import { clientPortsOf } from './client-ports.ts';
import type { Absence, Death } from './judge.ts';
import { freeze, killed } from './processes.ts';
import type { ChaosProxy } from './proxy.ts';

export class Stage {
  readonly proxy: ChaosProxy;
  readonly backends: Backends;
  readonly deaths: Death[] = [];
  readonly absences: Absence[] = [];
  /** Sentences: promises that were broken. */
  readonly problems: string[] = [];
  private readonly interrupted: AbortSignal;

  constructor(proxy: ChaosProxy, backends: Backends, interrupted: AbortSignal) {
    this.proxy = proxy;
    this.backends = backends;
    this.interrupted = interrupted;
  }

  /** Stands still first, so that what it held is known and nothing else is excused. */
  async killWorker(pid: number): Promise<void> {
    await this.freezeWorker(pid);
    await killed(pid);
  }

  /** From now on it holds what it holds, until somebody kills it. */
  async freezeWorker(pid: number): Promise<void> {
    await freeze(pid);
    const frozenAt = now();
    this.deaths.push({ frozenAt, ports: await clientPortsOf(pid, this.proxy.port) });
  }

  /** After this, no request that begins before it is added again may reach it. */
  async remove(backend: BackendName, clusterId: string, forMs: number): Promise<void> {
    const address = this.backends.addressOf(backend);
    await this.proxy.change({ kind: 'remove-backend', clusterId, address });
    const from = now();
    await this.wait(forMs);
    this.absences.push({ backend, from, until: now() });
    await this.proxy.change({
      kind: 'add-backend',
      backend: { clusterId, address, backendId: backend },
    });
  }

  /** Rejects when the run is interrupted. */
  readonly wait = async (milliseconds: number): Promise<void> => {
    this.interrupted.throwIfAborted();
    await new Promise(resolve => setTimeout(resolve, milliseconds));
    this.interrupted.throwIfAborted();
  };
}
