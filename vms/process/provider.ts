/** The provider `process`: works wherever Node does, and says what it only imitates. */
import { LeaseFolder, newLease } from '../lease.ts';
import { HERE, type Platform } from '../platform.ts';
import type { Provider, Readiness, Room, RoomOptions } from '../provider.ts';
import { FabricRoom } from '../room/room.ts';
import { prepareFolder, roomMarks } from '../room/room-folder.ts';
import type { Addresses } from './addresses.ts';
import { capabilitiesWith, ProcessFabric } from './fabric.ts';

/** On a system with these addresses. */
export function processProvider(addresses: Addresses, platform: Platform = HERE): Provider {
  return {
    name: 'process',
    capabilities: capabilitiesWith(addresses),
    probe: async () => readinessOn(platform),
    open: options => openRoom(addresses, platform, options),
  };
}

/** It works wherever Node does; what nobody has tried is said. */
export function readinessOn(platform: Platform): Readiness {
  const names = { linux: undefined, darwin: 'macOS', win32: 'Windows' };
  const name = names[platform];
  if (name === undefined) return { ready: true };
  return { ready: true, note: `(written for ${name}, not tried there by us: docs/platforms.md)` };
}

async function openRoom(
  addresses: Addresses,
  platform: Platform,
  options: RoomOptions,
): Promise<Room> {
  const lease = new LeaseFolder(options.folder);
  const held = await prepareFolder(lease, 'process', options, () => true);
  if (held === undefined) lease.write(newLease('process', options));
  const marks = roomMarks(lease, options);
  const fabric = new ProcessFabric(addresses, lease, marks, platform);
  return new FabricRoom(fabric, lease, marks);
}
