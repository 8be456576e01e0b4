/** The provider `vagrant`: opens a room whose machines one of Vagrant's engines makes. */
import { MachineError } from '../errors.ts';
import { type Lease, LeaseFolder, newLease } from '../lease.ts';
import { didYouMean } from '../names.ts';
import type { Marks } from '../programs/marked-processes.ts';
import { isAlive } from '../programs/process-identity.ts';
import type { Provider, Readiness, Room, RoomOptions } from '../provider.ts';
import { FabricRoom } from '../room/room.ts';
import { prepareFolder, roomMarks } from '../room/room-folder.ts';
import {
  bestEngine,
  DRIVEN_ENGINES,
  type DrivenEngine,
  isDrivenEngine,
  probeEngine,
  vagrantHome,
} from './choose-engine.ts';
import type { Engine } from './engine.ts';
import { CAPABILITIES, VagrantFabric } from './fabric.ts';
import { HubSite, makeHubSite } from './hub-site.ts';
import { probeKvm } from './kvm.ts';
import { LIBVIRT_FOLDERS, startLibvirt } from './libvirt-daemons.ts';
import { LibvirtEngine } from './libvirt-engine.ts';
import { LXC_FOLDERS, LxcEngine, layLxcNetwork } from './lxc-engine.ts';
import { layVagrantFolder, VagrantRoom } from './vagrant-room.ts';
import { VirtualBoxEngine } from './virtualbox-engine.ts';
import { Watches, type WatchTempo } from './watches.ts';

export const vagrant: Provider = vagrantProvider();

/** `preset`: what is not told when a room is opened. */
export function vagrantProvider(preset: Pick<RoomOptions, 'engine' | 'box'> = {}): Provider {
  return {
    name: 'vagrant',
    capabilities: CAPABILITIES,
    probe: async () => readinessOf(preset),
    open: options => openVagrantRoom({ ...preset, ...options }),
  };
}

async function readinessOf({
  engine,
  box,
}: Pick<RoomOptions, 'engine' | 'box'>): Promise<Readiness> {
  const found = await findEngine(engine, box);
  if (!found.ready) return found;
  return { ready: true, note: found.note ?? found.engine };
}

async function findEngine(engine: string | undefined, box: string | undefined) {
  const named = box === undefined ? undefined : { name: box };
  if (engine === undefined) return bestEngine(named);
  return probeEngine(knownEngine(engine), named);
}

function knownEngine(name: string): DrivenEngine {
  if (isDrivenEngine(name)) return name;
  const near = didYouMean(name, DRIVEN_ENGINES);
  const known = DRIVEN_ENGINES.join(', ');
  throw new MachineError('VM_UNKNOWN', `No engine "${name}".${near} Known: ${known}.`);
}

async function openVagrantRoom(options: RoomOptions): Promise<Room> {
  const lease = new LeaseFolder(options.folder);
  const held = await prepareFolder(lease, 'vagrant', options, isWhole);
  mustBeSameEngine(held, options, lease.folder);
  const marks = roomMarks(lease, options);
  const found = held ?? (await makeRoom(lease, options, marks));
  const { subnet, box } = found;
  const engine = await engineOf(found, lease, marks);
  const { onProgress } = options;
  const named = box === undefined ? undefined : { name: box };
  const room = new VagrantRoom({ lease, marks, subnet, box: named, onProgress }, engine);
  const watches = new Watches(engine, lease, marks, TEMPO[engine.name] ?? SLOW);
  return new FabricRoom(new VagrantFabric(room, engine, watches, lease), lease, marks);
}

/** A hub in the lease is a whole one; VirtualBox needs none. */
function isWhole({ engine, hub }: Lease): boolean {
  return engine === 'virtualbox' || isAlive(hub);
}

async function engineOf(
  { engine, hub, subnet }: Lease,
  lease: LeaseFolder,
  marks: Marks,
): Promise<Engine> {
  if (engine === 'virtualbox') return new VirtualBoxEngine(lease.folder, subnet, marks);
  if (hub === undefined) {
    throw new MachineError('VM_COMMAND_FAILED', `The lease in ${lease.folder} names no hub.`);
  }
  const site = new HubSite(hub, subnet, lease, marks);
  if (engine === 'lxc') return new LxcEngine(site);
  return new LibvirtEngine(site, (await probeKvm()).works ? 'kvm' : 'qemu');
}

const TEMPO: Readonly<Record<string, WatchTempo>> = {
  lxc: { lookMs: 150, retryMs: 300 },
};
const SLOW: WatchTempo = { lookMs: 300, retryMs: 1_000 };

function mustBeSameEngine(
  held: Lease | undefined,
  { engine, box }: RoomOptions,
  folder: string,
): void {
  if (held === undefined) return;
  const other = [
    [engine, held.engine],
    [box, held.box],
  ].find(([wanted, has]) => wanted !== undefined && wanted !== has);
  if (other === undefined) return;
  throw new MachineError(
    'VM_LEASE_HELD',
    `The lab in ${folder} runs on ${other[1] ?? 'its own'}, not on ${other[0]}. Take it down first: lab down.`,
  );
}

async function makeRoom(lease: LeaseFolder, options: RoomOptions, marks: Marks): Promise<Lease> {
  const found = await findEngine(options.engine, options.box);
  if (!found.ready) {
    throw new MachineError('VM_PROVIDER_UNREADY', `vagrant: ${found.reason}. ${found.fix}`);
  }
  const { engine } = found;
  const facts = { engine, ...(options.box && { box: options.box }) };
  lease.write({ ...newLease('vagrant', options), ...facts });
  layVagrantFolder(lease.folder, vagrantHome());
  const isLxc = engine === 'lxc';
  if (engine === 'virtualbox') return whole(lease, options, facts);
  const folders = isLxc ? LXC_FOLDERS : LIBVIRT_FOLDERS;
  const site = await makeHubSite(options.subnet, lease, marks, folders);
  await (isLxc ? layLxcNetwork(site) : startLibvirt(site));
  // Written last. Until then the hub's mark tells whose it is.
  return whole(lease, options, { ...facts, hub: site.hub, rights: 'root' });
}

function whole(lease: LeaseFolder, options: RoomOptions, facts: Partial<Lease>): Lease {
  const written: Lease = { ...newLease('vagrant', options), ...facts };
  lease.write(written);
  return written;
}
