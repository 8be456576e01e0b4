/** The watches of a room's machines: started, found again, asked, ended. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { LeaseFolder } from '../lease.ts';
import { waitUntil } from '../programs/deadline.ts';
import { startProgram } from '../programs/detached-program.ts';
import { groupOf, killAll, MARK, type Marks } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import type { Engine } from './engine.ts';
import { WATCH } from './guest-scripts.ts';
import { watchFile } from './room-paths.ts';
import { readSeen, type Seen, seenAt, type WatchOrder } from './watch-file.ts';

const ROLE = 'watch';

/** A machine that was found running may be slow to answer, and must not hold up the others. */
const CONNECTS_WITHIN_MS = 5_000;

export interface WatchTempo {
  /** Between two looks at the app. */
  readonly lookMs: number;
  /** Between two attempts to reach a machine. */
  readonly retryMs: number;
}

export class Watches {
  readonly #engine: Engine;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;
  readonly #tempo: WatchTempo;
  readonly #known = new Map<string, ProcessIdentity>();
  readonly #beginning = new Map<string, Promise<void>>();

  constructor(engine: Engine, lease: LeaseFolder, marks: Marks, tempo: WatchTempo) {
    this.#engine = engine;
    this.#lease = lease;
    this.#marks = marks;
    this.#tempo = tempo;
  }

  /** What was seen last; starts the watch when there is none. */
  async seen(machine: string, port: number): Promise<Seen> {
    await this.begin(machine, port);
    return readSeen(this.#file(machine));
  }

  /** Resolves when the watch has seen the machine once, or after some seconds. */
  async begin(machine: string, port: number): Promise<void> {
    if (this.#find(machine) !== undefined) return;
    const beginning = this.#beginning.get(machine) ?? this.#start(machine, port);
    this.#beginning.set(machine, beginning);
    try {
      await beginning;
    } finally {
      this.#beginning.delete(machine);
    }
  }

  async #start(machine: string, port: number): Promise<void> {
    const seenFile = this.#file(machine);
    mkdirSync(path.dirname(seenFile), { recursive: true });
    const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
    const lookS = String(this.#tempo.lookMs / 1000);
    const script = ['bash', '-c', WATCH, 'relais-watch', hexPort, lookS];
    const order: WatchOrder = {
      argv: this.#engine.watchFrom?.(machine, script) ?? this.#engine.onMachine(machine, script),
      logFile: this.#lease.logFile(machine),
      seenFile,
      retryMs: this.#tempo.retryMs,
    };
    const program = path.join(import.meta.dirname, 'machine-watch.js');
    const since = seenAt(seenFile);
    const started = await startProgram({
      title: `the watch of ${machine}`,
      argv: [process.execPath, program, JSON.stringify(order)],
      env: { ...this.#marks, [MARK.machine]: machine, [MARK.role]: ROLE },
      logFile: this.#lease.logFile(`${machine}-watch`),
      sockets: [],
    });
    this.#known.set(machine, started.process);
    const connected = () => seenAt(seenFile) > since && readSeen(seenFile).connected;
    await waitUntil(connected, { deadlineMs: CONNECTS_WITHIN_MS });
  }

  /** Resolves with what is seen as soon as `holds` does, or when two looks more have been taken. */
  async until(machine: string, port: number, holds: (seen: Seen) => boolean): Promise<Seen> {
    const file = this.#file(machine);
    const patience = performance.timeOrigin + performance.now() + 3 * this.#tempo.lookMs;
    await this.begin(machine, port);
    await waitUntil(() => holds(readSeen(file)) || seenAt(file) > patience, {
      deadlineMs: CONNECTS_WITHIN_MS,
    });
    return readSeen(file);
  }

  async end(machine: string): Promise<void> {
    const found = this.#find(machine);
    if (found !== undefined) await killAll(groupOf(found));
    this.#known.delete(machine);
  }

  #find(machine: string): ProcessIdentity | undefined {
    const known = this.#known.get(machine);
    if (isAlive(known)) return known;
    const written = readSeen(this.#file(machine)).watch;
    if (!isAlive(written)) return undefined;
    this.#known.set(machine, written);
    return written;
  }

  #file(machine: string): string {
    return watchFile(this.#lease.folder, machine);
  }
}
