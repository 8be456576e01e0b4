/** Machines that Vagrant makes; what differs from engine to engine is the engine's. */
import { mustBeOnSubnet } from '../hub-network/addresses.ts';
import { startForwarder } from '../hub-network/forwarder.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import type { NativeWords } from '../native-words.ts';
import { throwIfAborted } from '../programs/deadline.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import { killAll, type Marks, partMarks } from '../programs/marked-processes.ts';
import { isAlive } from '../programs/process-identity.ts';
import type { Capabilities } from '../provider.ts';
import type { Fabric, Place } from '../room/fabric.ts';
import { REAL_FAILURES } from '../room/real-failures.ts';
import type { Engine } from './engine.ts';
import { Gathered } from './gathered.ts';
import { vagrantWords } from './native-words.ts';
import { SystemdApps } from './systemd-apps.ts';
import type { VagrantRoom } from './vagrant-room.ts';
import type { Watches } from './watches.ts';

export const CAPABILITIES: Capabilities = {
  realAddresses: true,
  // An emulated machine takes seconds where a process takes one.
  pace: 4,
  failures: REAL_FAILURES,
};

interface Coming {
  readonly spec: MachineSpec;
  readonly signal: AbortSignal;
}

export class VagrantFabric implements Fabric {
  readonly provider = 'vagrant';
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly hubAddress: string;
  readonly blackholeOutlivesApp = true;
  readonly forwardedPortIs = 'held-by-machine';
  /** Vagrant may be typed by hand. */
  readonly bootsByHand = true;
  readonly apps: SystemdApps;
  readonly native: NativeWords;
  readonly #engine: Engine;
  readonly #vagrant: VagrantRoom;
  readonly #watches: Watches;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;
  readonly #ups: Gathered<Coming>;

  constructor(vagrant: VagrantRoom, engine: Engine, watches: Watches, lease: LeaseFolder) {
    this.#vagrant = vagrant;
    this.#engine = engine;
    this.#watches = watches;
    this.#lease = lease;
    this.#marks = vagrant.marks;
    this.hubAddress = engine.hubAddress;
    this.apps = new SystemdApps(engine, watches, lease, this.#marks);
    this.native = vagrantWords(vagrant.place);
    this.#ups = new Gathered(coming => this.#bringUp(coming));
  }

  async powerOn(
    spec: MachineSpec,
    previous: MachineRecord | undefined,
    signal: AbortSignal,
  ): Promise<Place> {
    mustBeOnSubnet(spec.name, spec.ip, this.#vagrant.subnet);
    throwIfAborted(signal);
    if (isAlive(previous?.holder)) await killAll([previous.holder]);
    await unlessAborted(this.#ups.add({ spec, signal }), signal);
    if (this.#engine.forwardsPorts) return {};
    const { process: holder, port: forwardedPort } = await startForwarder({
      name: spec.name,
      target: this.address(spec),
      port: previous?.forwardedPort ?? spec.forwardedPort,
      onHub: argv => this.onHub(argv),
      marks: partMarks(this.#marks, spec.name, 'holder'),
      logFile: this.#lease.logFile(`${spec.name}-port`),
    });
    return { holder, forwardedPort };
  }

  async #bringUp(coming: readonly Coming[]): Promise<void> {
    const specs = coming.map(({ spec }) => spec);
    await this.#vagrant.up(specs, abortedByAll(coming.map(({ signal }) => signal)));
    await this.#engine.afterUp(specs);
  }

  async powerOff(record: MachineRecord): Promise<Place> {
    await this.#letGo(record);
    await this.#engine.cutPower(record.spec);
    return {};
  }

  async shutDown(record: MachineRecord): Promise<Place> {
    await this.#letGo(record);
    await this.#vagrant.halt(record.spec.name);
    await this.#engine.cutPower(record.spec);
    return {};
  }

  isOn(record: MachineRecord): Promise<boolean> {
    return this.#engine.isOn(record.spec.name);
  }

  /** Who boots a machine by hand starts no forwarder of ours. */
  isWhole({ holder }: MachineRecord): boolean {
    return this.#engine.forwardsPorts || isAlive(holder);
  }

  async forget(record: MachineRecord): Promise<void> {
    await this.#letGo(record);
    await this.#vagrant.destroy(record.spec.name);
  }

  /** The forwarded port dies with its machine, and nobody waits for a machine that is gone. */
  async #letGo({ spec, holder }: MachineRecord): Promise<void> {
    await this.#watches.end(spec.name);
    if (isAlive(holder)) await killAll([holder]);
  }

  swallow(record: MachineRecord): Promise<void> {
    return this.#engine.swallow(record.spec);
  }

  unswallow(record: MachineRecord): Promise<void> {
    return this.#engine.unswallow(record.spec);
  }

  address(spec: MachineSpec): Endpoint {
    return { host: spec.ip, port: spec.port };
  }

  isListening(record: MachineRecord): Promise<boolean> {
    return this.apps.isListening(record);
  }

  onMachine(record: MachineRecord, argv: readonly string[]): readonly string[] {
    return this.#engine.onMachine(record.spec.name, argv);
  }

  onHub(argv: readonly string[]): readonly string[] {
    return this.#engine.onHub(argv);
  }
}

/** Vagrant is stopped only when nobody waits for it any more. */
function abortedByAll(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  const check = (): void => {
    if (signals.every(signal => signal.aborted)) all.abort();
  };
  for (const signal of signals) signal.addEventListener('abort', check, { once: true });
  check();
  return all.signal;
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  work.catch(() => undefined); // told below, unless the wait ends before it
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>(resolve => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([work, aborted]);
  signal.removeEventListener('abort', stop);
  throwIfAborted(signal);
}
