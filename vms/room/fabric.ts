/**
 * What a provider has to make so that a room can live on it: a network, places on it where
 * programs run, and the failures that only the network can do. Everything else (states, apps,
 * records, healing) is the room's, once for all providers.
 */

import type { MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import type { NativeWords } from '../native-words.ts';
import type { Platform } from '../platform.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import type { ProcessIdentity } from '../programs/process-identity.ts';
import type { Capabilities, ProviderName } from '../provider.ts';
import type { AppHost } from './app-host.ts';

/** What a machine that was brought onto the network has. */
export interface Place {
  /** The process that keeps it, if one does. */
  readonly holder?: ProcessIdentity;
  /** Where it is forwarded to, when the machine itself holds that port. */
  readonly forwardedPort?: number;
}

export interface Fabric {
  readonly provider: ProviderName;
  /** The system on which local processes run; default the one that this is. */
  readonly platform?: Platform;
  readonly capabilities: Capabilities;
  readonly hubAddress: string;
  readonly apps: AppHost;
  /** Where another program makes the machines. */
  readonly native?: NativeWords;
  /** Does a blackhole go on when the app dies? Not where the app itself is what swallows. */
  readonly blackholeOutlivesApp: boolean;

  /** Brings the machine onto the network. `signal` ends the wait for it, never half of the work. */
  powerOn(
    spec: MachineSpec,
    previous: MachineRecord | undefined,
    signal: AbortSignal,
  ): Promise<Place>;
  /** Takes the machine off the network, then ends all that runs on it. */
  powerOff(record: MachineRecord): Promise<Place>;
  /** As powerOff, but the machine is asked to shut down where it has a system of its own. */
  shutDown?(record: MachineRecord): Promise<Place>;
  isOn(record: MachineRecord): Promise<boolean>;
  /** Others may boot its machines, too: what is on is asked, whatever the record says. Default: no. */
  readonly bootsByHand?: boolean;
  /** Has a machine that is on all that powering on makes? Default: yes. */
  isWhole?(record: MachineRecord): boolean;
  /** Lets go of what an off machine still holds. */
  forget(record: MachineRecord): Promise<void>;

  /** Packets from and to the machine vanish, in both directions and without a trace. */
  swallow(record: MachineRecord): Promise<void>;
  unswallow(record: MachineRecord): Promise<void>;

  /** Where the app has to listen, and where the proxy finds it. */
  address(spec: MachineSpec, forwardedPort: number): Endpoint;
  /**
   * Who listens on the forwarded port: the app, which inherits it beside its address; the machine
   * as long as it is on; or it is the app's address itself.
   */
  readonly forwardedPortIs: 'held-by-app' | 'held-by-machine' | 'address';
  /** Does somebody listen on the machine's address? */
  isListening(record: MachineRecord): Promise<boolean>;

  /** Puts a command on the machine. */
  onMachine(record: MachineRecord, argv: readonly string[]): readonly string[];
  /** Puts a command beside the machines. */
  onHub(argv: readonly string[]): readonly string[];
}
