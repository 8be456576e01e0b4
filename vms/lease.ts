/**
 * The lease: what a room has made, on disk, so that any process can use it, list it or sweep it.
 *
 *     <folder>/lease.json          provider, subnet, label, hub
 *     <folder>/machines/NAME.json  one record per machine
 *     <folder>/programs/NAME.json  one record per program beside the machines
 *     <folder>/owners/PID-…        the run that uses the room now
 *     <folder>/logs/               stays when the room is closed, until the next one is made
 *
 * One file per thing, each replaced atomically: several processes and several machines at once
 * need no lock.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineFacts } from './docker/engine.ts';
import { MachineError } from './errors.ts';
import type { FailureVerb, Knobs, MachineSpec } from './machine.ts';
import type { Endpoint } from './programs/detached-program.ts';
import { identify, isAlive, type ProcessIdentity } from './programs/process-identity.ts';
import type { ProviderName, RoomOptions } from './provider.ts';
import { replaceFile } from './replace-file.ts';

export interface Lease {
  readonly provider: ProviderName;
  readonly subnet: string;
  readonly label: string;
  readonly createdAt: string;
  /** Holds the hub's namespace; absent where the hub is this system itself. */
  readonly hub?: ProcessIdentity;
  /** vagrant: what makes the machines, and the box that was asked for. */
  readonly engine?: string;
  readonly box?: string;
  /** How the provider came to its rights. */
  readonly rights?: 'root' | 'user-namespace';
  /** Of provider docker. */
  readonly docker?: EngineFacts;
}

export interface MachineRecord {
  readonly spec: MachineSpec;
  readonly power: 'on' | 'off';
  /** Keeps the machine's place: its namespace, or its address while it is off. */
  readonly holder?: ProcessIdentity;
  readonly app?: ProcessIdentity;
  /** The app of a container: the engine's name for it, and its pid in there. */
  readonly exec?: { readonly id: string; readonly pid: number };
  /** Where the app's log began when it was started. */
  readonly logStart?: number;
  /** The port that the spec's `forwardedPort` came to. */
  readonly forwardedPort: number;
  readonly failures: readonly FailureVerb[];
  /** What the running app was told by `Room.knobs`. */
  readonly knobs?: Knobs;
  /** With it the app can be told to end, where no signal does it. */
  readonly stopToken?: string;
}

export interface ProgramRecord {
  readonly process: ProcessIdentity;
  /** The command that asks it to end, where no signal does it. */
  readonly stopWith?: readonly string[];
  readonly bound: readonly Endpoint[];
}

/** Windows lets go of the files of a process moments after its end. */
const REMOVE_ALL = { recursive: true, force: true, maxRetries: 5 };

export class LeaseFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = path.resolve(folder);
  }

  read(): Lease | undefined {
    return readJson<Lease>(path.join(this.folder, 'lease.json'));
  }

  write(lease: Lease): void {
    writeJson(path.join(this.folder, 'lease.json'), lease);
  }

  machine(name: string): MachineRecord | undefined {
    const record = readJson<MachineRecord>(this.#file('machines', name));
    return record?.spec?.name === name ? record : undefined;
  }

  writeMachine(record: MachineRecord): MachineRecord {
    writeJson(this.#file('machines', record.spec.name), record);
    return record;
  }

  removeMachine(name: string): void {
    rmSync(this.#file('machines', name), { force: true });
  }

  machines(): readonly MachineRecord[] {
    return this.#names('machines').flatMap(name => this.machine(name) ?? []);
  }

  program(name: string): ProgramRecord | undefined {
    return readJson<ProgramRecord>(this.#file('programs', name));
  }

  writeProgram(name: string, record: ProgramRecord): void {
    writeJson(this.#file('programs', name), record);
  }

  removeProgram(name: string): void {
    rmSync(this.#file('programs', name), { force: true });
  }

  programNames(): readonly string[] {
    return this.#names('programs');
  }

  logFile(name: string): string {
    return path.join(this.folder, 'logs', `${fileName(name)}.log`);
  }

  removeLogs(): void {
    rmSync(path.join(this.folder, 'logs'), REMOVE_ALL);
  }

  /** Forgets everything but the logs and a living owner. */
  remove(): void {
    for (const entry of ['machines', 'programs']) {
      rmSync(path.join(this.folder, entry), REMOVE_ALL);
    }
    // Also what its writer, killed, had not finished.
    for (const entry of list(this.folder).filter(each => each.startsWith('lease.json'))) {
      rmSync(path.join(this.folder, entry), { force: true });
    }
    if (owners(this.folder).length === 0) removeEmpty(path.join(this.folder, 'owners'));
  }

  #file(kind: 'machines' | 'programs', name: string): string {
    return path.join(this.folder, kind, `${fileName(name)}.json`);
  }

  #names(kind: 'machines' | 'programs'): string[] {
    return list(path.join(this.folder, kind))
      .filter(entry => entry.endsWith('.json'))
      .map(entry => decodeURIComponent(entry.slice(0, -'.json'.length)))
      .sort();
  }
}

/**
 * Makes this process the room's owner, or rejects with VM_LEASE_HELD while another one lives.
 * Each claim is its own file, named by pid and start time: whoever sees another living claim
 * steps back, so two owners at once cannot be, and a dead one's file is safe to remove.
 */
export function claim(folder: string): void {
  const lease = new LeaseFolder(folder);
  const mine = ownIdentity();
  writeJson(claimFile(lease.folder, mine), mine);
  const other = owners(lease.folder).find(owner => owner.pid !== mine.pid);
  if (other === undefined) return;
  rmSync(claimFile(lease.folder, mine), { force: true });
  const label = lease.read()?.label ?? 'a lab';
  throw new MachineError(
    'VM_LEASE_HELD',
    `${label} is running already (pid ${other.pid}, folder ${lease.folder}). ` +
      'Wait for its end, stop it, or run beside it with --instance 1.',
  );
}

export function release(folder: string): void {
  const file = claimFile(path.resolve(folder), ownIdentity());
  rmSync(file, { force: true });
  removeEmpty(path.dirname(file));
}

/** The living process that owns the room; undefined when nobody does. */
export function ownerOf(folder: string): ProcessIdentity | undefined {
  return owners(path.resolve(folder))[0];
}

function owners(folder: string): ProcessIdentity[] {
  return list(path.join(folder, 'owners')).flatMap(entry => {
    const file = path.join(folder, 'owners', entry);
    const owner = readJson<ProcessIdentity>(file);
    if (isAlive(owner)) return owner;
    if (!entry.endsWith('.new')) rmSync(file, { force: true });
    return [];
  });
}

function claimFile(folder: string, owner: ProcessIdentity): string {
  return path.join(folder, 'owners', fileName(`${owner.pid}-${owner.started}`));
}

function ownIdentity(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, started: 'unknown' };
}

export function newLease(provider: ProviderName, options: RoomOptions): Lease {
  const { subnet, label } = options;
  return { provider, subnet, label, createdAt: new Date().toISOString() };
}

/** The rooms in this folder and in the folders right under it. */
export function findLeases(baseFolder: string): readonly string[] {
  const base = path.resolve(baseFolder);
  const folders = [base, ...list(base).map(entry => path.join(base, entry))];
  return folders.filter(folder => list(folder).includes('lease.json'));
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // something is in it, or it is gone
  }
}

function fileName(name: string): string {
  return encodeURIComponent(name);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A file that is missing or no JSON reads as nothing: the marks find what it would have told. */
function readJson<T>(file: string): T | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function writeJson(file: string, value: object): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify(value, null, 2)}\n`);
  replaceFile(fresh, file);
}
