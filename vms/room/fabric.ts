/**
 * What a provider has to make so that a room can live on it: a network, places on it where
 * programs run, and the failures that only the network can do. Everything else (states, apps,
 * records, healing) is the room's, once for all providers.
 */

import type { MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import type { ProcessIdentity } from '../programs/process-identity.ts';
import type { Capabilities, ProviderName } from '../provider.ts';

export interface Fabric {
  readonly provider: ProviderName;
  readonly capabilities: Capabilities;
  readonly hubAddress: string;
  /** Does a blackhole go on when the app dies? Not where the app itself is what swallows. */
  readonly blackholeOutlivesApp: boolean;

  /** Brings the machine onto the network; resolves with the process that holds its place, if one does. */
  powerOn(
    spec: MachineSpec,
    previous: MachineRecord | undefined,
  ): Promise<ProcessIdentity | undefined>;
  /** Takes the machine off the network, then ends all that runs on it. */
  powerOff(record: MachineRecord): Promise<ProcessIdentity | undefined>;
  isOn(record: MachineRecord): boolean;
  /** Lets go of what an off machine still holds. */
  forget(record: MachineRecord): Promise<void>;

  /** Packets from and to the machine vanish, in both directions and without a trace. */
  swallow(record: MachineRecord): Promise<void>;
  unswallow(record: MachineRecord): Promise<void>;

  /** Where the app has to listen, and where the proxy finds it. */
  address(spec: MachineSpec, forwardedPort: number): Endpoint;
  /** Does the app inherit the forwarded port, beside its address? Else the port is its address. */
  readonly forwardsPort: boolean;
  /** Does somebody listen on the machine's address? */
  isListening(record: MachineRecord): Promise<boolean>;

  /** Puts a command on the machine. */
  onMachine(record: MachineRecord, argv: readonly string[]): readonly string[];
  /** Puts a command beside the machines. */
  onHub(argv: readonly string[]): readonly string[];
}
