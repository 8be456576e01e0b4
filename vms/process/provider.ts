/** The provider `process`: works wherever Node does, and says what it only imitates. */
import { LeaseFolder, newLease } from '../lease.ts';
import type { Provider, Readiness, Room, RoomOptions } from '../provider.ts';
import { FabricRoom } from '../room/room.ts';
import { prepareFolder, roomMarks } from '../room/room-folder.ts';
import type { Addresses } from './addresses.ts';
import { capabilitiesWith, ProcessFabric } from './fabric.ts';

export function processProvider(addresses: Addresses): Provider {
  return {
    name: 'process',
    capabilities: capabilitiesWith(addresses),
    probe: probeProcess,
    open: options => openRoom(addresses, options),
  };
}

/** Windows hands no sockets down to child processes, on which the proxy and the apps depend. */
async function probeProcess(): Promise<Readiness> {
  if (process.platform !== 'win32') return { ready: true };
  return {
    ready: false,
    reason: 'Windows passes no listening sockets on to other programs',
    fix: 'Run the lab in WSL: wsl --install, then the same commands there.',
  };
}

async function openRoom(addresses: Addresses, options: RoomOptions): Promise<Room> {
  const lease = new LeaseFolder(options.folder);
  const held = await prepareFolder(lease, 'process', options, () => true);
  if (held === undefined) lease.write(newLease('process', options));
  const marks = roomMarks(lease, options);
  return new FabricRoom(new ProcessFabric(addresses, lease, marks), lease, marks);
}
