/** The provider `docker`: opens a room in an engine of the kit's own, or in the one that is there. */
import { MachineError } from '../errors.ts';
import { type Lease, LeaseFolder, newLease } from '../lease.ts';
import { HERE } from '../platform.ts';
import { isAlive } from '../programs/process-identity.ts';
import type { Provider, Room, RoomOptions } from '../provider.ts';
import { FabricRoom } from '../room/room.ts';
import { endRemains, prepareFolder, roomMarks } from '../room/room-folder.ts';
import { expectedCapabilities } from './capabilities.ts';
import { EngineApi } from './engine-api.ts';
import { DockerFabric } from './fabric.ts';
import { provideImage } from './image.ts';
import { provideNetwork } from './network.ts';
import { startOwnEngine } from './own-engine.ts';
import { probeDocker } from './probe.ts';
import { type DockerSettings, ownSettings } from './settings.ts';

export const docker: Provider = {
  name: 'docker',
  get capabilities() {
    return expectedCapabilities(ownSettings().engine, HERE);
  },
  probe: () => probeDocker(ownSettings(), HERE, process.geteuid?.() === 0),
  open: openDockerRoom,
};

async function openDockerRoom(options: RoomOptions): Promise<Room> {
  const lease = new LeaseFolder(options.folder);
  const held = await prepareFolder(lease, 'docker', options, isWhole);
  const whole = held ?? (await makeRoom(lease, options, ownSettings()));
  if (whole.docker === undefined) {
    throw new MachineError('VM_COMMAND_FAILED', `The lease in ${lease.folder} names no engine.`);
  }
  const marks = roomMarks(lease, options);
  return new FabricRoom(new DockerFabric(whole, whole.docker, lease, marks), lease, marks);
}

/** An engine that was there before us may be restarted: its room is the same then. */
function isWhole({ docker: facts, hub }: Lease): boolean {
  if (facts === undefined) return false;
  return facts.dockerd === undefined || (isAlive(facts.dockerd) && isAlive(hub));
}

async function makeRoom(
  lease: LeaseFolder,
  options: RoomOptions,
  settings: DockerSettings,
): Promise<Lease> {
  const readiness = await docker.probe();
  if (!readiness.ready) {
    const { reason, fix } = readiness;
    throw new MachineError('VM_PROVIDER_UNREADY', `docker: ${reason}. ${fix}`);
  }
  const fresh = newLease('docker', options);
  lease.write(fresh);
  try {
    const whole = await makeParts(lease, fresh, options, settings);
    // Written last: a lease with an engine is a whole one.
    lease.write(whole);
    return whole;
  } catch (error) {
    await endRemains(lease);
    throw error;
  }
}

async function makeParts(
  lease: LeaseFolder,
  fresh: Lease,
  options: RoomOptions,
  { engine, host, stores, imageFolder }: DockerSettings,
): Promise<Lease> {
  if (engine === 'host') {
    const reachesAddresses = HERE === 'linux';
    const api = new EngineApi(host);
    const image = await provideImage(api, imageFolder);
    await provideNetwork(api, lease.folder, options.subnet, 'publishing');
    return { ...fresh, docker: { host, image, reachesAddresses } };
  }
  const { api, hub, dockerd } = await startOwnEngine(lease, stores, roomMarks(lease, options));
  const image = await provideImage(api, imageFolder);
  await provideNetwork(api, lease.folder, options.subnet, 'own');
  return {
    ...fresh,
    hub,
    rights: 'root',
    docker: { host: api.host, image, dockerd, reachesAddresses: true },
  };
}
