/** What a lab plays on: machines, the proxy beside them, and the ways to talk to both. */
import type { BackendSnapshot, ProxyEvent } from '../../../proxy/index.ts';
import type { MachineSpec } from '../../../vms/machine.ts';
import type { Room } from '../../../vms/provider.ts';

/** The proxy's command socket, in the few words that labs use. */
export interface ProxyControl {
  identity(): Promise<{ readonly mainPid: number; readonly workerPids: readonly number[] }>;
  backends(): Promise<readonly BackendSnapshot[]>;
  /** Returns the proxy's sentence, for example "already present; breaker reset". */
  addBackend(name: string, address: string): Promise<string>;
  /** Ends when the last request on the backend has ended. */
  removeBackend(name: string, address: string): Promise<string>;
  onEvent(listener: (event: ProxyEvent) => void): void;
  close(): Promise<void>;
}

export interface Stage {
  readonly room: Room;
  readonly proxy: ProxyControl;
  /** What the learner's browser opens. */
  readonly url: string;
  /** Every machine of the lab, up or not. */
  readonly machines: ReadonlyMap<string, MachineSpec>;
}
