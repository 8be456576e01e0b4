/** The provider `netns`: opens a room by making its hub namespace, or by finding the one it has. */
import { MachineError } from '../errors.ts';
import { ipBatch } from '../hub-network/ip-batch.ts';
import { HUB_NAME, sleepAs, startHolder, unshareHub } from '../hub-network/namespace.ts';
import { type Lease, LeaseFolder, newLease } from '../lease.ts';
import { isAlive } from '../programs/process-identity.ts';
import type { Provider, Room, RoomOptions } from '../provider.ts';
import { FabricRoom } from '../room/room.ts';
import { prepareFolder, roomMarks } from '../room/room-folder.ts';
import { CAPABILITIES, NetnsFabric } from './fabric.ts';
import { layHub } from './network.ts';
import { probeNetns, tryNamespaces } from './probe.ts';

export const netns: Provider = {
  name: 'netns',
  capabilities: CAPABILITIES,
  probe: probeNetns,
  open: openNetnsRoom,
};

async function openNetnsRoom(options: RoomOptions): Promise<Room> {
  const lease = new LeaseFolder(options.folder);
  const held = await prepareFolder(lease, 'netns', options, found => isAlive(found.hub));
  const { hub, rights, subnet } = held ?? (await makeHub(lease, options));
  if (hub === undefined || rights === undefined) {
    throw new MachineError('VM_COMMAND_FAILED', `The lease in ${lease.folder} names no hub.`);
  }
  const marks = roomMarks(lease, options);
  return new FabricRoom(new NetnsFabric(hub, rights, subnet, lease, marks), lease, marks);
}

async function makeHub(lease: LeaseFolder, options: RoomOptions): Promise<Lease> {
  const trial = await tryNamespaces();
  if ('reason' in trial) {
    throw new MachineError('VM_PROVIDER_UNREADY', `netns: ${trial.reason}. ${trial.fix}`);
  }
  const { rights } = trial;
  const marks = roomMarks(lease, options);
  lease.write(newLease('netns', options));
  const argv = unshareHub(rights, sleepAs(HUB_NAME));
  const hub = await startHolder('hub', argv, marks, lease.logFile('hub'));
  await ipBatch(hub, rights, layHub(options.subnet), marks);
  // Written last: a hub in the lease is a whole one. Until then its mark tells whose it is.
  const whole: Lease = { ...newLease('netns', options), hub, rights };
  lease.write(whole);
  return whole;
}
