/**
 * Frozen machines. `docker pause` stops all of a container, and nothing can be run in one that is
 * paused; so whoever has to get at a frozen machine thaws it with its app stopped by a signal: the
 * app does not run one instruction meanwhile.
 */
import type { MachineRecord } from '../lease.ts';
import { groupOf } from '../programs/marked-processes.ts';
import { signalProcess } from '../programs/process-identity.ts';
import type { EngineApi } from './engine-api.ts';

interface Inspected {
  readonly State: { readonly Paused: boolean };
}

export class Sleepers {
  readonly #api: EngineApi;
  readonly #containerOf: (machine: string) => string;

  constructor(api: EngineApi, containerOf: (machine: string) => string) {
    this.#api = api;
    this.#containerOf = containerOf;
  }

  async freeze(record: MachineRecord): Promise<void> {
    if (!(await this.#isFrozen(record))) await this.#order(record, 'pause');
  }

  /** Nothing when it is not frozen. */
  async wake(record: MachineRecord): Promise<void> {
    if (await this.#isFrozen(record)) await this.#order(record, 'unpause');
  }

  /** Does something in a machine that may be frozen, and is frozen again after it, or thawed `for good`. */
  async reach(
    record: MachineRecord,
    until: 'for a moment' | 'for good',
    work: () => Promise<unknown>,
  ): Promise<void> {
    if (!(await this.#isFrozen(record))) {
      await work();
      return;
    }
    signalApp(record, 'SIGSTOP');
    await this.#order(record, 'unpause');
    try {
      await work();
    } finally {
      if (until === 'for a moment') await this.#order(record, 'pause');
      signalApp(record, 'SIGCONT');
    }
  }

  async #isFrozen(record: MachineRecord): Promise<boolean> {
    const container = this.#containerOf(record.spec.name);
    const found = await this.#api.find<Inspected>(`/containers/${container}/json`);
    return found?.State.Paused === true;
  }

  async #order(record: MachineRecord, verb: 'pause' | 'unpause'): Promise<void> {
    const path = `/containers/${this.#containerOf(record.spec.name)}/${verb}`;
    await this.#api.change({ method: 'POST', path });
  }
}

/** Where the engine's processes are not ours to signal, the app runs for as long as the work takes. */
function signalApp({ app }: MachineRecord, signal: NodeJS.Signals): void {
  if (app === undefined) return;
  for (const member of groupOf(app)) signalProcess(member, signal);
}
