/** What a lab plays on: machines, the proxy beside them, and the ways to talk to both. */
import type { ProxyEvent } from '../../../proxy/index.ts';
import type { MachineSpec } from '../../../vms/machine.ts';
import type { Room } from '../../../vms/provider.ts';
import type { FileComparison, SampledBackend } from '../history.ts';

export interface ProxyIdentity {
  readonly mainPid: number;
  readonly workerPids: readonly number[];
  /** Of everything that it was told to do. */
  readonly stateHash?: string;
  /** Client connections of all workers. */
  readonly clients?: number;
}

/** The proxy's command socket, in the few words that labs use. */
export interface ProxyControl {
  identity(): Promise<ProxyIdentity>;
  backends(): Promise<readonly SampledBackend[]>;
  /** Its config file, compared with what runs. */
  compareFile(): Promise<FileComparison>;
  /** Returns the proxy's sentence, for example "already present; breaker reset". */
  addBackend(name: string, address: string): Promise<string>;
  /** Ends when the last request on the backend has ended. */
  removeBackend(address: string): Promise<string>;
  /** From the reply on, every worker hands out the new shares. */
  setWeight(address: string, weight: number): Promise<string>;
  /** Writes all that the proxy was told to this file; absolute path. */
  saveState(file: string): Promise<void>;
  /** Tells the proxy what such a file says, and nothing else. */
  loadState(file: string): Promise<void>;
  onEvent(listener: (event: ProxyEvent) => void): void;
  close(): Promise<void>;
}

/**
 * Where the lines of a lab are typed. In its environment, `LAB_BIN` is a folder with `relais` and
 * `lab`, to be put first in `PATH`; `RELAIS_CONFIG` and `LAB_INSTANCE` name what they mean.
 */
export interface LabShell {
  /** The folder of the proxy's configuration. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Environment besides, so that what a line leaves running ends with the lab. */
  readonly marks: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly room: Room;
  readonly proxy: ProxyControl;
  /** What the learner's browser opens. */
  readonly url: string;
  /**
   * Where each proxy accepts requests, by its name: `proxy`, `edge` where it is in front,
   * `second-proxy`, where a line may start another one; and `monitor`, the Prometheus.
   */
  readonly listeners: Readonly<Record<string, string>>;
  /** Every machine of the lab, up or not. */
  readonly machines: ReadonlyMap<string, MachineSpec>;
  readonly shell: LabShell;
  /**
   * What a log has from this byte on: of a machine, what its app printed; of `proxy` and `edge`,
   * their access logs. Nothing when there is no such log yet.
   */
  readLog(source: string, fromByte: number): Promise<string>;
}
