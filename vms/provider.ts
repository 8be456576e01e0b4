/**
 * The contract of everything that makes machines. It is written as promises: every method may be
 * called in any state, and calling it in the state it would produce does nothing.
 */
import type { FailureVerb, MachineSpec, MachineStatus } from './machine.ts';

export type ProviderName = 'netns' | 'process';

/** `real`: as on hardware. `imitated`: something else that resembles it, and this is how. */
export type Fidelity =
  | { readonly kind: 'real' }
  | { readonly kind: 'imitated'; readonly how: string };

export interface Capabilities {
  /** Do machines answer on the very addresses that the lab shows? */
  readonly realAddresses: boolean;
  readonly failures: Readonly<Record<FailureVerb, Fidelity>>;
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

  /** Creates or starts the machine and its app; resolves when the app accepts connections. Heals nothing that still runs. */
  up(spec: MachineSpec, signal?: AbortSignal): Promise<MachineStatus>;
  /** Orderly stop: app gets SIGTERM, then the machine leaves. State `poweroff`. */
  halt(name: string): Promise<void>;
  /** Stops if needed and forgets the machine. State `not-created`. */
  destroy(name: string): Promise<void>;
  status(): Promise<readonly MachineStatus[]>;
  /** Runs a command on the machine. Rejects when the machine is not running. */
  exec(name: string, argv: readonly string[]): Promise<ExecResult>;
  /** What the machine's app printed so far. */
  logs(name: string): Promise<string>;

  /** Makes the machine fail; resolves when the failure is in force. */
  fail(name: string, how: FailureVerb, options?: FailureOptions): Promise<Fidelity>;
  /** Ends every failure of the machine: after it, the app answers on its address again. */
  heal(name: string, signal?: AbortSignal): Promise<MachineStatus>;

  /** Starts a program beside the machines. */
  spawnHub(spec: HubProcessSpec): Promise<HubProcess>;
  /** Runs a command beside the machines, to its end. */
  execHub(argv: readonly string[], options?: { readonly timeoutMs?: number }): Promise<ExecResult>;
  /** Ends a hub process: SIGTERM, then SIGKILL after `graceMs` (default 5,000). */
  stopHub(name: string, graceMs?: number): Promise<void>;

  /** Destroys every machine and hub process and removes the lease. */
  close(): Promise<void>;
}

export interface RoomOptions {
  /** Folder for lease, logs and sockets; made when missing. One room per folder. */
  readonly folder: string;
  /** First three octets of the lab's network, for example '192.168.56'. */
  readonly subnet: string;
  /** Written on everything that is made. */
  readonly label: string;
}

export interface Provider {
  readonly name: ProviderName;
  readonly capabilities: Capabilities;
  probe(): Promise<Readiness>;
  /** Opens the room of this folder: a new one, or the one whose lease is there and alive. */
  open(options: RoomOptions): Promise<Room>;
}
