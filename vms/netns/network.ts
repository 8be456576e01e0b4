/**
 * The wires of a room, as lines for `ip -batch`:
 *
 *        hub namespace                          machine namespace
 *     ┌───────────────────────────┐          ┌────────────────────┐
 *     │ br0 192.168.56.10/24 ─ p21 ├── veth ──┤ eth0 192.168.56.21 │
 *     │ void0 (down, empty)        │          └────────────────────┘
 *     └───────────────────────────┘           no default route anywhere
 *
 * A machine keeps one MAC address for life, made from its IP: a machine that comes back is found
 * by those who remember it.
 */
import net from 'node:net';

export const HUB_HOST = 10;

export function hubAddress(subnet: string): string {
  return `${subnet}.${HUB_HOST}`;
}

export function macOf(ip: string): string {
  const octets = ip.split('.').map(octet => Number(octet).toString(16).padStart(2, '0'));
  return `02:00:${octets.join(':')}`;
}

/** Interface names hold 15 characters; the last octet tells machines of one subnet apart. */
function portOf(ip: string): string {
  return `p${ip.split('.').at(-1)}`;
}

export function isOnSubnet(ip: string, subnet: string): boolean {
  return net.isIPv4(ip) && ip.startsWith(`${subnet}.`);
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
 * A warm neighbour entry would turn "unreachable" into silence. `del` fails without an entry and
 * `flush` spares permanent ones, so: make one, then delete it.
 */
export function forgetNeighbour(ip: string): readonly string[] {
  return [
    `neigh replace ${ip} lladdr ${macOf(ip)} dev br0 nud permanent`,
    `neigh del ${ip} dev br0`,
  ];
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
  return [`link set ${portOf(ip)} master br0`, ...forgetNeighbour(ip)];
}

export function unswallowAtMachine(hubIp: string): readonly string[] {
  return [...swallowAtMachine(hubIp), `neigh del ${hubIp} dev eth0`];
}
