/** What an engine of Vagrant does for a room beside what `vagrant` itself does. */
import type { EngineName } from './engines.ts';
import type { MachineListOptions } from './machine-list.ts';

export interface MachinePlace {
  readonly name: string;
  readonly ip: string;
}

export interface Engine {
  readonly name: EngineName;
  /** Of the list of machines, what only the engine knows. */
  readonly listOptions: Partial<MachineListOptions>;
  /** Where the proxy is, as machines see it. */
  readonly hubAddress: string;
  /** Does it forward ports itself, as long as the machine is on? */
  readonly forwardsPorts: boolean;

  /** Does the machine run? Asked several times a second. */
  isOn(machine: string): Promise<boolean>;
  /** What is left to do when `vagrant up` has ended. */
  afterUp(machines: readonly MachinePlace[]): Promise<void>;
  /** Pulls the plug: nothing on the machine hears of it, nobody reaches it afterwards. */
  cutPower(machine: MachinePlace): Promise<void>;
  /** Packets between the machine and the hub vanish in both directions. */
  swallow(machine: MachinePlace): Promise<void>;
  unswallow(machine: MachinePlace): Promise<void>;

  /** Runs a command on the machine as root, while packets are swallowed too. */
  onMachine(machine: string, argv: readonly string[]): readonly string[];
  /** The same for what stays as long as the machine runs: others may use its connection. */
  watchFrom?(machine: string, argv: readonly string[]): readonly string[];
  /** Runs a command where the engine is. */
  atEngine(argv: readonly string[], cwd?: string): readonly string[];
  /** Runs a command where the proxy is. */
  onHub(argv: readonly string[]): readonly string[];
}
