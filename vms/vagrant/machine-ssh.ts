/** Commands on machines by ssh, as Vagrant says that they are reached; nobody's known_hosts is touched. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { prefixOf, vagrantFolder } from './room-paths.ts';
import { shellWord } from './shell-word.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A unix socket's path has at most 107 characters; ssh adds up to 60 to ours. */
const LONGEST_SOCKET_FOLDER = 45;

export class MachineSsh {
  readonly #folder: string;
  readonly #sockets: string;

  constructor(roomFolder: string) {
    this.#folder = path.join(vagrantFolder(roomFolder), 'ssh');
    this.#sockets = controlFolder(roomFolder);
  }

  /** Keeps what `vagrant ssh-config` printed of several machines, one file for each. */
  remember(printed: string): void {
    mkdirSync(this.#folder, { recursive: true });
    for (const block of printed.split(/^(?=Host )/m)) {
      const machine = /^Host (\S+)/.exec(block)?.[1];
      if (machine === undefined) continue;
      const file = this.#configOf(machine);
      writeFileSync(`${file}.new`, block);
      renameSync(`${file}.new`, file);
    }
  }

  /** As root. `lasting`: later commands go through this one's connection while it is there. */
  argv(machine: string, command: readonly string[], lasting = false): readonly string[] {
    this.#mustKnow(machine);
    mkdirSync(this.#sockets, { recursive: true, mode: 0o700 });
    const options = {
      ControlMaster: lasting ? 'yes' : 'no',
      ControlPath: path.join(this.#sockets, '%C'),
      ConnectTimeout: '10',
      ServerAliveInterval: '3',
      ServerAliveCountMax: '4',
      BatchMode: 'yes',
    };
    const words = ['sudo', '-n', 'env', `PATH=${PATH}`, `MACHINE=${machine}`, ...command];
    return [
      'ssh',
      '-T',
      '-F',
      this.#configOf(machine),
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      machine,
      words.map(shellWord).join(' '),
    ];
  }

  #mustKnow(machine: string): void {
    if (existsSync(this.#configOf(machine))) return;
    const message = `Nobody knows how ${machine} is reached. Start it again: up ${machine}.`;
    throw new MachineError('VM_NOT_RUNNING', message);
  }

  #configOf(machine: string): string {
    return path.join(this.#folder, `${machine}.config`);
  }
}

/** In the room's folder where that is short enough. */
export function controlFolder(roomFolder: string): string {
  const own = path.join(vagrantFolder(roomFolder), 'ssh');
  if (own.length <= LONGEST_SOCKET_FOLDER) return own;
  return path.join(os.tmpdir(), `relais-ssh-${prefixOf(roomFolder)}`);
}
