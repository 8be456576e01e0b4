/**
 * The contract of everything that makes machines. It is written as promises: every method may be
 * called in any state, and calling it in the state it would produce does nothing.
 */
import type { AppChange, FailureVerb, Knobs, MachineSpec, MachineStatus } from './machine.ts';
import type { Deed, NativeProgram } from './native-words.ts';

export type ProviderName = 'netns' | 'process' | 'vagrant' | 'docker';

/** `real`: as on hardware. `imitated`: something else that resembles it, and this is how. */
export type Fidelity =
  | { readonly kind: 'real' }
  | { readonly kind: 'imitated'; readonly how: string };

export interface Capabilities {
  /** Do machines answer on the very addresses that the lab shows? */
  readonly realAddresses: boolean;
  /** How many times longer than on this computer itself things may take there; default 1. */
  readonly pace?: number;
  readonly failures: Readonly<Record<FailureVerb, Fidelity>>;
  /** Does a connect to a machine in a blackhole stay unanswered? Default true. */
  readonly silentConnects?: boolean;
}

/** Can this provider work here? If not: the reason and the one thing to do. */
export type Readiness =
  | { readonly ready: true; readonly note?: string }
  | { readonly ready: false; readonly reason: string; readonly fix: string };

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs where the proxy runs: beside the machines, able to reach their addresses. */
export interface HubProcessSpec {
  /** Names its log file and its entry in the lease. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Asks the program to end, as SIGTERM does, on systems that have no such signal. Absent: it is killed. */
  readonly stopWith?: readonly string[];
  /**
   * Opened outside by the kit and inherited from descriptor 3 on, in this order (LISTEN_FDS).
   * Port 0 takes a free one.
   */
  readonly sockets: readonly { readonly host: string; readonly port: number }[];
}

export interface HubProcess {
  readonly pid: number;
  readonly logFile: string;
  /** What the sockets are bound to, in the order of the spec. */
  readonly bound: readonly { readonly host: string; readonly port: number }[];
}

/** `slow`: milliseconds added to each answer (default 2,000). `error`: share of answers, 0–1 (default 1). */
export interface FailureOptions {
  readonly delayMs?: number;
  readonly rate?: number;
}

/** One lab's machines, made by one provider. Everything it makes is written in the lease first. */
export interface Room {
  readonly provider: ProviderName;
  readonly capabilities: Capabilities;
  /** Where the proxy is, as machines see it. */
  readonly hubAddress: string;
  /** Environment of a program outside the room that shall end with it: a companion. */
  readonly companionMarks: Readonly<Record<string, string>>;
  /** The program that makes the machines, where one does and can be typed. */
  readonly nativeProgram: NativeProgram | undefined;

  /** Where the proxy must dial it, also while it is not made: `ip:port`. */
  addressOf(spec: MachineSpec): string;

  /** What would be typed into that program to the same end, now; undefined where it has no word for it. */
  nativeLine(deed: Deed, name: string): string | undefined;

  /** Creates or starts the machine and its app; resolves when the app accepts connections. Heals nothing that still runs. */
  up(spec: MachineSpec, signal?: AbortSignal): Promise<MachineStatus>;
  /**
   * Puts another app, or another version of it, on a machine that stays: the old one gets SIGTERM
   * and 5 s to finish its requests, then the new one starts at the same address and port; resolves
   * when it accepts connections. Ends crash, freeze, slow and error, as a restart does. The app
   * that runs already is left alone. Rejects with VM_NOT_RUNNING when the machine is off or cannot
   * be reached, with VM_APP_FAILED when the new app does not start: the machine then has none.
   */
  deploy(name: string, change: AppChange, signal?: AbortSignal): Promise<MachineStatus>;
  /** Orderly stop: app gets SIGTERM, then the machine leaves. State `poweroff`. */
  halt(name: string): Promise<void>;
  /** Stops if needed and forgets the machine. State `not-created`. */
  destroy(name: string): Promise<void>;
  status(): Promise<readonly MachineStatus[]>;
  /** Runs a command on the machine. Rejects when the machine is not running. */
  exec(name: string, argv: readonly string[]): Promise<ExecResult>;
  /** What the machine's app printed so far, from this byte on (default: from the first). */
  logs(name: string, fromByte?: number): Promise<string>;

  /** Makes the machine fail; resolves when the failure is in force. */
  fail(name: string, how: FailureVerb, options?: FailureOptions): Promise<Fidelity>;
  /** Ends every failure of the machine: after it, the app answers on its address again. */
  heal(name: string, signal?: AbortSignal): Promise<MachineStatus>;

  /**
   * Sets the app's knobs, those that are named, or all of them back; without a change only asks.
   * Resolves with the knobs in force. `delayMs` is the failure `slow`, `errorRate` is `error`; those
   * and `statusFailing` end with the app or with healing, all others stay until they are reset.
   * Rejects with VM_COMMAND_FAILED and the app's reason, having changed nothing.
   */
  knobs(name: string, change?: Knobs | 'reset'): Promise<Knobs>;

  /** Starts a program beside the machines. */
  spawnHub(spec: HubProcessSpec): Promise<HubProcess>;
  /** Runs a command beside the machines, to its end. */
  execHub(argv: readonly string[], options?: { readonly timeoutMs?: number }): Promise<ExecResult>;
  /** Ends a hub process: SIGTERM, then SIGKILL after `graceMs` (default 5,000). */
  stopHub(name: string, graceMs?: number): Promise<void>;

  /** Ends companions: SIGTERM, then SIGKILL after `graceMs` (default 5,000). Only Linux finds them. */
  endCompanions(graceMs?: number): Promise<void>;

  /** Destroys every machine, hub process and companion, and removes the lease. */
  close(): Promise<void>;
}

export interface RoomProgress {
  /** Undefined where it is about all of them. */
  readonly machine: string | undefined;
  readonly text: string;
  /** Since the work began. */
  readonly ms: number;
}

export interface RoomOptions {
  /** Folder for lease, logs and sockets; made when missing. One room per folder. */
  readonly folder: string;
  /** First three octets of the lab's network, for example '192.168.56'. */
  readonly subnet: string;
  /** Written on everything that is made. */
  readonly label: string;
  /** vagrant: what makes the machines, 'lxc' for example; default: the best that is here. */
  readonly engine?: string;
  /** vagrant: what machines start from; default: the engine's own box. */
  readonly box?: string;
  /** Told what is going on while machines are made, where that takes more than a moment. */
  readonly onProgress?: (progress: RoomProgress) => void;
}

export interface Provider {
  readonly name: ProviderName;
  readonly capabilities: Capabilities;
  probe(): Promise<Readiness>;
  /** Opens the room of this folder: a new one, or the one whose lease is there and alive. */
  open(options: RoomOptions): Promise<Room>;
}
