/** Machines and proxy as tiles, from the last word on each. */
import type { BackendSnapshot } from '../../proxy/index.ts';
import type { MachineSpec } from '../../vms/machine.ts';
import type { Room } from '../../vms/provider.ts';
import type { HistoryRecord, MachineRecord, ProxyRecord } from '../harness/history.ts';
import type { Stage } from '../harness/run/stage.ts';
import type { BackendTile, MachineTile, ProxyTile } from './learn-view.ts';

/** A proxy that has said nothing for so long does not answer. It is asked four times a second. */
const SILENT_MS = 4_000;

export class StageTiles {
  readonly #specs: ReadonlyMap<string, MachineSpec>;
  readonly #room: Pick<Room, 'addressOf'>;
  readonly #machines = new Map<string, MachineRecord>();
  #proxy: ProxyRecord | undefined;

  constructor({ machines, room }: Pick<Stage, 'machines' | 'room'>) {
    this.#specs = machines;
    this.#room = room;
  }

  take(record: HistoryRecord): void {
    if (record.kind === 'machine') this.#machines.set(record.machine, record);
    if (record.kind === 'proxy') this.#proxy = record;
  }

  /** Every machine of the lab, made or not, in the lab's order; then those that it does not know. */
  machines(served: ReadonlyMap<string, number>): readonly MachineTile[] {
    const names = new Set([...this.#specs.keys(), ...this.#machines.keys()]);
    return [...names].map(name => this.#machine(name, served.get(name) ?? 0));
  }

  proxy(now: number): ProxyTile {
    const { at, mainPid, workerPids = [] } = this.#proxy ?? {};
    return {
      answers: this.#proxy === undefined || now - (at ?? 0) < SILENT_MS,
      mainPid,
      workerPids,
    };
  }

  addressOf(name: string): string {
    const spec = this.#specs.get(name);
    const told = this.#machines.get(name)?.address;
    return told ?? (spec === undefined ? name : this.#room.addressOf(spec));
  }

  #machine(name: string, served: number): MachineTile {
    const record = this.#machines.get(name);
    const spec = this.#specs.get(name);
    const address = this.addressOf(name);
    const isOn = record?.state === 'running';
    return {
      name,
      address,
      forwarded: isOn && spec !== undefined ? `127.0.0.1:${spec.forwardedPort}` : undefined,
      state: record?.state ?? 'not-created',
      version: record?.version ?? spec?.app.version ?? '',
      failures: record?.failures ?? [],
      backend: backendTile(this.#proxy?.backends.filter(one => one.address === address) ?? []),
      served,
    };
  }
}

/** A machine may be a backend of several clusters: the one whose breaker is worst is shown. */
function backendTile(backends: readonly BackendSnapshot[]): BackendTile | undefined {
  const backend = backends.find(one => one.breaker !== 'closed') ?? backends[0];
  if (backend === undefined) return undefined;
  const { admin, weight, healthy, breaker, failures, failureThreshold, retryInMs } = backend;
  return { admin, weight, healthy, breaker, failures, failureThreshold, retryInMs };
}
