/**
 * The wires of a room, as lines for `ip -batch`:
 *
 *        hub namespace                          machine namespace
 *     ┌───────────────────────────┐          ┌────────────────────┐
 *     │ br0 192.168.56.10/24 ─ p21 ├── veth ──┤ eth0 192.168.56.21 │
 *     │ void0 (down, empty)        │          └────────────────────┘
 *     └───────────────────────────┘           no default route anywhere
 */
import { forgetNeighbour, hubAddress, macOf } from '../hub-network/addresses.ts';

/** Interface names hold 15 characters; the last octet tells machines of one subnet apart. */
function portOf(ip: string): string {
  return `p${ip.split('.').at(-1)}`;
}

export function layHub(subnet: string): readonly string[] {
  return [
    'link set lo up',
    `link add br0 address ${macOf(hubAddress(subnet))} type bridge`,
    'link add void0 type bridge',
    `addr add ${hubAddress(subnet)}/24 dev br0`,
    'link set br0 up',
  ];
}

export function plugIn(ip: string, holderPid: number): readonly string[] {
  const port = portOf(ip);
  return [
    `link add ${port} type veth peer name eth0 address ${macOf(ip)} netns ${holderPid}`,
    `link set ${port} master br0 up`,
  ];
}

export function configureMachine(ip: string): readonly string[] {
  return ['link set lo up', `addr add ${ip}/24 dev eth0`, 'link set eth0 up'];
}

/** Deleting one end deletes the other: the machine is off the network before anything dies. */
export function unplug(ip: string): readonly string[] {
  return [`link del ${portOf(ip)}`];
}

/**
 * Moves the machine's wire to a switch that forwards nothing. Both ends keep their link, so nobody
 * notices; permanent neighbour entries keep ARP from finding out (else silence would turn into
 * "unreachable" once the entries age).
 */
export function swallowAtHub(ip: string): readonly string[] {
  return [
    `neigh replace ${ip} lladdr ${macOf(ip)} dev br0 nud permanent`,
    `link set ${portOf(ip)} master void0`,
  ];
}

export function swallowAtMachine(hubIp: string): readonly string[] {
  return [`neigh replace ${hubIp} lladdr ${macOf(hubIp)} dev eth0 nud permanent`];
}

export function unswallowAtHub(ip: string): readonly string[] {
  return [`link set ${portOf(ip)} master br0`, ...forgetNeighbour(ip, 'br0')];
}

export function unswallowAtMachine(hubIp: string): readonly string[] {
  return [...swallowAtMachine(hubIp), `neigh del ${hubIp} dev eth0`];
}
