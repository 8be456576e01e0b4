/** Machines as containers on a network of an engine. */
import { MachineError } from '../errors.ts';
import { forgetNeighbour, hubAddress, mustBeOnSubnet } from '../hub-network/addresses.ts';
import { besideEngines } from '../hub-network/engine-hub.ts';
import { startForwarder } from '../hub-network/forwarder.ts';
import { ipBatch } from '../hub-network/ip-batch.ts';
import { livingHub } from '../hub-network/namespace.ts';
import type { Lease, LeaseFolder, MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import type { NativeWords } from '../native-words.ts';
import { answersAt } from '../programs/answers-at.ts';
import { runCommand } from '../programs/command.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import { isListeningIn } from '../programs/listening-table.ts';
import { killAll, type Marks, partMarks } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import type { Capabilities } from '../provider.ts';
import type { AppHost } from '../room/app-host.ts';
import type { Fabric, Place } from '../room/fabric.ts';
import { ContainerApps, provideLog } from './apps.ts';
import { capabilitiesOf } from './capabilities.ts';
import { mustRunInContainer } from './container-exec.ts';
import type { EngineFacts } from './engine.ts';
import { EngineApi } from './engine-api.ts';
import {
  containerConfig,
  containerName,
  networkName,
  ofRoom,
  roomKey,
} from './machine-container.ts';
import { dockerWords } from './native-words.ts';
import { BRIDGE } from './network.ts';
import { Sleepers } from './sleepers.ts';

/** In the machine: nothing gets in or out but ARP, so that nobody learns that it is gone. */
const SWALLOW =
  'add table inet relais; flush table inet relais; ' +
  'add chain inet relais in { type filter hook input priority 0; }; ' +
  'add chain inet relais out { type filter hook output priority 0; }; ' +
  'add rule inet relais in iifname "eth0" drop; ' +
  'add rule inet relais out oifname "eth0" drop';
const UNSWALLOW = 'add table inet relais; delete table inet relais';

interface ListedContainer {
  readonly Names: readonly string[];
}

interface InspectedContainer {
  readonly State: { readonly Pid: number };
  readonly NetworkSettings: {
    readonly Ports: Readonly<
      Record<string, readonly { readonly HostPort: string }[] | null>
    > | null;
  };
}

export class DockerFabric implements Fabric {
  readonly provider = 'docker';
  readonly capabilities: Capabilities;
  readonly hubAddress: string;
  readonly blackholeOutlivesApp = true;
  readonly forwardedPortIs = 'held-by-machine';
  readonly apps: AppHost;
  readonly native: NativeWords;
  readonly #api: EngineApi;
  readonly #facts: EngineFacts;
  readonly #hub: ProcessIdentity | undefined;
  readonly #subnet: string;
  readonly #key: string;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;
  readonly #sleepers: Sleepers;
  #asked: Promise<ReadonlySet<string>> | undefined;

  constructor({ subnet, hub }: Lease, facts: EngineFacts, lease: LeaseFolder, marks: Marks) {
    this.#facts = facts;
    this.#hub = hub;
    this.#subnet = subnet;
    this.#lease = lease;
    this.#marks = marks;
    this.#key = roomKey(lease.folder);
    this.#api = new EngineApi(facts.host);
    this.capabilities = capabilitiesOf(facts);
    this.hubAddress = facts.reachesAddresses ? hubAddress(subnet) : '127.0.0.1';
    const containerOf = (machine: string) => containerName(this.#key, machine);
    this.#sleepers = new Sleepers(this.#api, containerOf);
    this.native = dockerWords(facts.host, containerOf);
    const isOwn = facts.dockerd !== undefined;
    this.apps = new ContainerApps(this.#api, containerOf, this.#sleepers, lease, marks, isOwn);
  }

  async powerOn(spec: MachineSpec, previous: MachineRecord | undefined): Promise<Place> {
    mustBeOnSubnet(spec.name, spec.ip, this.#subnet);
    if (isAlive(previous?.holder)) await killAll([previous.holder]);
    const container = this.#containerOf(spec);
    const isBack = previous !== undefined && (await this.#start(container));
    if (!isBack) await this.#make(spec, previous?.forwardedPort ?? spec.forwardedPort);
    if (this.#hub === undefined) return { forwardedPort: await this.#publishedPort(spec) };
    await this.#closeWayOut(container);
    const { process: holder, port } = await startForwarder({
      name: spec.name,
      target: { host: spec.ip, port: spec.port },
      port: previous?.forwardedPort ?? spec.forwardedPort,
      onHub: argv => this.onHub(argv),
      marks: partMarks(this.#marks, spec.name, 'holder'),
      logFile: this.#lease.logFile(`port-of-${spec.name}`),
    });
    return { holder, forwardedPort: port };
  }

  async #make(spec: MachineSpec, publishedPort: number): Promise<void> {
    const container = this.#containerOf(spec);
    await this.#remove(container);
    const body = containerConfig({
      spec,
      image: this.#facts.image,
      network: networkName(this.#key),
      folder: this.#lease.folder,
      marks: this.#marks,
      logFile: provideLog(this.#lease.logFile(spec.name)),
      ...(this.#hub === undefined && { publishedPort }),
    });
    await this.#api.change({ method: 'POST', path: `/containers/create?name=${container}`, body });
    await this.#start(container);
  }

  /** Was it there? A running one goes on. */
  async #start(container: string): Promise<boolean> {
    const path = `/containers/${container}/start`;
    const request = { method: 'POST', path } as const;
    const { status } = await this.#api.ask(request);
    if (status === 404) return false;
    if (status !== 204 && status !== 304) await this.#api.change(request);
    return true;
  }

  /** It leads to the hub, which forwards nothing: nobody shall wait there for an answer. */
  async #closeWayOut(container: string): Promise<void> {
    const found = await this.#api.find<InspectedContainer>(`/containers/${container}/json`);
    const target = ['nsenter', '--target', String(found?.State.Pid), '--net', '--'];
    await runCommand([...target, 'ip', 'route', 'del', 'default'], { env: this.#marks });
  }

  async #publishedPort({ name, port }: MachineSpec): Promise<number> {
    const container = containerName(this.#key, name);
    const found = await this.#api.find<InspectedContainer>(`/containers/${container}/json`);
    const published = found?.NetworkSettings.Ports?.[`${port}/tcp`]?.[0]?.HostPort;
    if (published !== undefined) return Number(published);
    throw new MachineError('VM_COMMAND_FAILED', `Docker has not published the port of ${name}.`);
  }

  /** Silent first: nobody shall hear its app die. */
  async powerOff(record: MachineRecord): Promise<Place> {
    const container = this.#containerOf(record.spec);
    await this.swallow(record).catch(() => undefined); // it is off, or gone
    await this.#api.change(
      { method: 'POST', path: `/containers/${container}/kill` },
      404,
      409, // it does not run
    );
    const wait = `/containers/${container}/wait?condition=not-running`;
    await this.#api.change({ method: 'POST', path: wait }, 404);
    await this.#letGo(record);
    return {};
  }

  async #letGo({ spec, holder }: MachineRecord): Promise<void> {
    if (isAlive(holder)) await killAll([holder]);
    if (!isAlive(this.#hub)) return;
    await ipBatch(this.#hub, 'root', forgetNeighbour(spec.ip, BRIDGE), this.#marks);
  }

  /** One question for all machines that are asked after at once. */
  async isOn({ spec }: MachineRecord): Promise<boolean> {
    this.#asked ??= this.#running().finally(() => {
      this.#asked = undefined;
    });
    return (await this.#asked).has(this.#containerOf(spec));
  }

  /** No engine, no machine: containers that outlived it cannot be told anything. */
  async #running(): Promise<ReadonlySet<string>> {
    const path = `/containers/json?filters=${ofRoom(this.#lease.folder)}`;
    const listed = await this.#api.find<readonly ListedContainer[]>(path).catch(() => []);
    return new Set(listed?.flatMap(({ Names }) => Names.map(name => name.replace(/^\//, ''))));
  }

  async forget(record: MachineRecord): Promise<void> {
    await this.#remove(this.#containerOf(record.spec));
    await this.#letGo(record);
  }

  async #remove(container: string): Promise<void> {
    const path = `/containers/${container}?force=1&v=1`;
    await this.#api.change({ method: 'DELETE', path }, 404, 409);
  }

  async swallow(record: MachineRecord): Promise<void> {
    await this.#filter(record, SWALLOW);
  }

  async unswallow(record: MachineRecord): Promise<void> {
    if (!record.failures.includes('blackhole')) return;
    await this.#filter(record, UNSWALLOW);
  }

  async #filter(record: MachineRecord, rules: string): Promise<void> {
    const container = this.#containerOf(record.spec);
    await this.#sleepers.reach(record, 'for a moment', () =>
      mustRunInContainer(this.#api, container, ['nft', rules]),
    );
  }

  address(spec: MachineSpec, forwardedPort: number): Endpoint {
    if (this.#facts.reachesAddresses) return { host: spec.ip, port: spec.port };
    return { host: '127.0.0.1', port: forwardedPort };
  }

  async isListening(record: MachineRecord): Promise<boolean> {
    const { spec, app } = record;
    if (this.#hub !== undefined) {
      return app !== undefined && isListeningIn(app.pid, spec.ip, spec.port);
    }
    return answersAt(this.address(spec, record.forwardedPort));
  }

  onMachine({ spec }: MachineRecord, argv: readonly string[]): readonly string[] {
    return ['docker', '--host', this.#facts.host, 'exec', this.#containerOf(spec), ...argv];
  }

  onHub(argv: readonly string[]): readonly string[] {
    if (this.#facts.dockerd === undefined) return argv;
    return besideEngines(livingHub(this.#hub, this.#lease.folder), argv);
  }

  #containerOf({ name }: MachineSpec): string {
    return containerName(this.#key, name);
  }
}
