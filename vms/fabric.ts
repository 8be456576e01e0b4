/**
 * What a provider has to make so that a room can live on it: a network, places on it where
 * programs run, and the failures that only the network can do. Everything else (states, apps,
 * records, healing) is the room's, once for all providers.
 */
import type { Endpoint } from './detached-program.ts';
import type { MachineRecord } from './lease.ts';
import type { FailureVerb, MachineSpec } from './machine.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { Capabilities, Fidelity, ProviderName } from './provider.ts';

export interface Fabric {
  readonly provider: ProviderName;
  readonly capabilities: Capabilities;
  readonly hubAddress: string;

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
  /** Sockets that the app inherits. */
  forwardedSockets(forwardedPort: number): readonly Endpoint[];
  /** Does somebody listen on the machine's address? */
  isListening(record: MachineRecord): Promise<boolean>;

  /** Puts a command on the machine. */
  onMachine(record: MachineRecord, argv: readonly string[]): readonly string[];
  /** Puts a command beside the machines. */
  onHub(argv: readonly string[]): readonly string[];
}

export function fidelityOf(fabric: Fabric, verb: FailureVerb): Fidelity {
  return fabric.capabilities.failures[verb];
}
