/** The `vagrant` of one room: its folder, its list of machines, and what it is told to do. */
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { LeaseFolder } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import type { Marks } from '../programs/marked-processes.ts';
import { checkMachines } from './check-machines.ts';
import { mustRunVagrant, type VagrantPlace, type VagrantProgress } from './command-line.ts';
import type { Engine } from './engine.ts';
import type { Box } from './engines.ts';
import { machineList, writeMachineList } from './machine-list.ts';
import { prefixOf, roomVagrantHome, vagrantFolder } from './room-paths.ts';

/** In the sources; the compiled code lies one folder deeper. */
const VAGRANTFILE = path.resolve(import.meta.dirname, '../../../vms/Vagrantfile');

export interface VagrantRoomOptions {
  readonly lease: LeaseFolder;
  readonly marks: Marks;
  readonly subnet: string;
  readonly box: Box | undefined;
  readonly onProgress: ((progress: VagrantProgress) => void) | undefined;
}

/** Makes what Vagrant finds in the room's folder; the boxes are those of the kit. */
export function layVagrantFolder(roomFolder: string, kitHome: string): void {
  const home = roomVagrantHome(roomFolder);
  mkdirSync(home, { recursive: true });
  mkdirSync(path.join(kitHome, 'boxes'), { recursive: true });
  const boxes = path.join(home, 'boxes');
  if (!existsSync(boxes)) symlinkSync(path.join(kitHome, 'boxes'), boxes, 'junction');
  copyFileSync(VAGRANTFILE, path.join(vagrantFolder(roomFolder), 'Vagrantfile'));
}

export class VagrantRoom {
  readonly subnet: string;
  readonly marks: Marks;
  readonly #options: VagrantRoomOptions;
  readonly #engine: Engine;
  readonly place: VagrantPlace;

  constructor(options: VagrantRoomOptions, engine: Engine) {
    this.#options = options;
    this.#engine = engine;
    this.subnet = options.subnet;
    this.marks = options.marks;
    const folder = vagrantFolder(options.lease.folder);
    this.place = {
      folder,
      engine: engine.name,
      home: roomVagrantHome(options.lease.folder),
      env: options.marks,
      wrap: argv => engine.atEngine(argv, folder),
    };
  }

  /** Creates or boots them, several at once where the engine can. */
  async up(specs: readonly MachineSpec[], signal: AbortSignal): Promise<void> {
    this.#writeList(specs, []);
    const names = specs.map(({ name }) => name);
    await this.#run(['up', ...names], signal);
  }

  async halt(name: string): Promise<void> {
    await this.#run(['halt', name]);
  }

  async destroy(name: string): Promise<void> {
    await this.#run(['destroy', '--force', name]);
    this.#writeList([], [name]);
  }

  async #run(args: readonly string[], signal?: AbortSignal): Promise<void> {
    const { onProgress } = this.#options;
    const tell = (progress: VagrantProgress): void => {
      if (isWorthTelling(progress)) onProgress?.(progress);
    };
    await mustRunVagrant(this.place, args, { signal, onProgress: tell });
  }

  /** All machines of the room: Vagrant knows those only that its list has. */
  #writeList(coming: readonly MachineSpec[], gone: readonly string[]): void {
    const { lease, box } = this.#options;
    const known = new Map(lease.machines().map(({ spec }) => [spec.name, spec]));
    for (const spec of coming) known.set(spec.name, spec);
    for (const name of gone) known.delete(name);
    const list = machineList([...known.values()], {
      engine: this.#engine.name,
      prefix: prefixOf(lease.folder),
      subnet: this.subnet,
      ...(box && { box }),
      ...this.#engine.listOptions,
    });
    checkMachines(list);
    writeMachineList(this.place.folder, list);
  }
}

/** Of what Vagrant prints: not its settings, its waiting and its percentages. */
const NOISE =
  /^(-- |SSH |Running: |Warning: |No version |generating |See |flag to |Fixed port )|Progress: | => /;

function isWorthTelling({ machine, text }: VagrantProgress): boolean {
  return machine !== undefined && !NOISE.test(text);
}
