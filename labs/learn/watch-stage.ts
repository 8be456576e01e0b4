/** Follows what other terminals do to the machines, and what they measure; it writes down changes only. */
import type { MachineStatus } from '../../vms/machine.ts';
import type { Room } from '../../vms/provider.ts';
import type { HistoryRecord } from '../harness/history.ts';
import { goneEntry, machineEntry } from '../harness/run/machine-records.ts';
import type { HistoryEntry, Recorder } from '../harness/run/recorder.ts';

const LOOK_AGAIN_MS = 200;

export interface StageWatch {
  stop(): Promise<void>;
}

/** `journal`: what others have measured since it was asked last. */
export function watchStage(
  room: Pick<Room, 'status'>,
  journal: () => readonly HistoryEntry[],
  recorder: Recorder,
): StageWatch {
  const look = new Look(room, journal, recorder);
  let wake = (): void => {};
  const loop = async (): Promise<void> => {
    while (look.running) {
      await look.once();
      if (!look.running) return;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, LOOK_AGAIN_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const ended = loop();
  return {
    stop: () => {
      look.stop();
      wake();
      return ended;
    },
  };
}

class Look {
  readonly #room: Pick<Room, 'status'>;
  readonly #journal: () => readonly HistoryEntry[];
  readonly #recorder: Recorder;
  readonly #known = new Map<string, string>();
  readonly #dead = new Set<string>();
  readonly #unlisten: () => void;
  running = true;

  constructor(
    room: Pick<Room, 'status'>,
    journal: () => readonly HistoryEntry[],
    recorder: Recorder,
  ) {
    this.#room = room;
    this.#journal = journal;
    this.#recorder = recorder;
    const learn = (record: HistoryRecord | HistoryEntry): void => {
      if (record.kind === 'machine') this.#known.set(record.machine, identityOf(record));
    };
    for (const record of recorder.records) learn(record);
    this.#unlisten = recorder.onAppend(learn);
  }

  stop(): void {
    this.running = false;
    this.#unlisten();
  }

  /** What was measured was measured after the change that it shows: it is written after it, too. */
  async once(): Promise<void> {
    const measured = this.#journal();
    const statuses = await this.#room.status();
    if (!this.running) return;
    for (const status of statuses) this.#record(machineEntry(this.#withDeath(status)));
    for (const name of this.#missing(statuses)) this.#record(goneEntry(name, this.#recorder));
    for (const entry of measured) this.#recorder.append(entry);
  }

  #record(entry: HistoryEntry): void {
    if (entry.kind !== 'machine' || this.#known.get(entry.machine) === identityOf(entry)) return;
    this.#recorder.append(entry);
  }

  #missing(statuses: readonly MachineStatus[]): readonly string[] {
    const there = new Set(statuses.map(({ name }) => name));
    return [...this.#known.keys()].filter(name => !there.has(name));
  }

  /** An app that is seen dead twice has crashed, whoever killed it; once may be its start. */
  #withDeath(status: MachineStatus): MachineStatus {
    const dead =
      status.state === 'running' && !status.appRunning && !status.failures.includes('crash');
    if (!dead) {
      this.#dead.delete(status.name);
      return status;
    }
    if (!this.#dead.has(status.name)) {
      this.#dead.add(status.name);
      return status;
    }
    return { ...status, failures: [...status.failures, 'crash'] };
  }
}

type MachineEntry = Extract<HistoryEntry, { kind: 'machine' }>;

function identityOf({ state, version, failures, knobs }: MachineEntry): string {
  return [state, version, ...failures, JSON.stringify(knobs)].join(' ');
}
