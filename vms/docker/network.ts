/** The network of a room's containers, in whatever engine they are. */
import { hubAddress } from '../hub-network/addresses.ts';
import type { EngineApi } from './engine-api.ts';
import { networkName, ROOM_LABEL, roomKey } from './machine-container.ts';

/** The bridge's name among the hub's interfaces. */
export const BRIDGE = 'relais0';

/**
 * Makes it when it is not there. The bridge has the hub's address: what stands beside the machines
 * is seen by them as .10. An internal network has no way out of the engine's computer; only one
 * that publishes ports must have one.
 */
export async function provideNetwork(
  api: EngineApi,
  folder: string,
  subnet: string,
  kind: 'own' | 'publishing',
): Promise<void> {
  const name = networkName(roomKey(folder));
  if ((await api.find(`/networks/${name}`)) !== undefined) return;
  await api.change({
    method: 'POST',
    path: '/networks/create',
    body: {
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      Internal: kind !== 'publishing',
      IPAM: { Config: [{ Subnet: `${subnet}.0/24`, Gateway: hubAddress(subnet) }] },
      Labels: { [ROOM_LABEL]: folder },
      ...(kind === 'own' && { Options: { 'com.docker.network.bridge.name': BRIDGE } }),
    },
  });
}
