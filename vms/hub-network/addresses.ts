/** Who has which address in a lab's network, whoever made the network. */
import net from 'node:net';
import { MachineError } from '../errors.ts';

const HUB_HOST = 10;

/** Where the proxy is, for example 192.168.56.10. */
export function hubAddress(subnet: string): string {
  return `${subnet}.${HUB_HOST}`;
}

/**
 * A machine keeps one MAC address for life, made from its IP: a machine that comes back is found
 * by those who remember it.
 */
export function macOf(ip: string): string {
  const octets = ip.split('.').map(octet => Number(octet).toString(16).padStart(2, '0'));
  return `02:00:${octets.join(':')}`;
}

/**
 * Lines for `ip -batch`. A warm neighbour entry would turn "unreachable" into silence. `del` fails
 * without an entry and `flush` spares permanent ones, so: make one, then delete it.
 */
export function forgetNeighbour(ip: string, device: string): readonly string[] {
  return [
    `neigh replace ${ip} lladdr ${macOf(ip)} dev ${device} nud permanent`,
    `neigh del ${ip} dev ${device}`,
  ];
}

/** Throws VM_COMMAND_FAILED when a machine is to have an address of another network. */
export function mustBeOnSubnet(name: string, ip: string, subnet: string): void {
  if (net.isIPv4(ip) && ip.startsWith(`${subnet}.`)) return;
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `${name} has the address ${ip}, which is not on ${subnet}.0/24.`,
  );
}
