/** Lines for `ip -batch` on the bridge that an engine's machines are plugged in. */
import { hubAddress, macOf as hubMacOf } from '../hub-network/addresses.ts';
import { macOf } from './machine-list.ts';

/** A bridge that forwards nothing: what is plugged in here is silent. */
const VOID = 'void0';

export interface Wire {
  readonly bridge: string;
  /** The machine's end at the hub. */
  readonly port: string;
  readonly ip: string;
}

export function bridgeMac(subnet: string): string {
  return hubMacOf(hubAddress(subnet));
}

export function layBridge(bridge: string, subnet: string): readonly string[] {
  return [
    `link add ${bridge} address ${bridgeMac(subnet)} type bridge`,
    `addr add ${hubAddress(subnet)}/24 dev ${bridge}`,
    `link set ${bridge} up`,
    ...layVoid(),
  ];
}

export function layVoid(): readonly string[] {
  return [`link add ${VOID} type bridge`];
}

/**
 * A warm neighbour entry would turn "unreachable" into silence. `del` fails without an entry and
 * `flush` spares permanent ones, so: make one, then delete it.
 */
export function forgetNeighbour({ bridge, ip }: Omit<Wire, 'port'>): readonly string[] {
  return [
    `neigh replace ${ip} lladdr ${macOf(ip)} dev ${bridge} nud permanent`,
    `neigh del ${ip} dev ${bridge}`,
  ];
}

/** Permanent entries keep ARP from finding out, which would turn silence into "unreachable". */
export function swallowAtHub({ bridge, port, ip }: Wire): readonly string[] {
  return [
    `neigh replace ${ip} lladdr ${macOf(ip)} dev ${bridge} nud permanent`,
    `link set ${port} master ${VOID}`,
  ];
}

export function unswallowAtHub(wire: Wire): readonly string[] {
  return [`link set ${wire.port} master ${wire.bridge}`, ...forgetNeighbour(wire)];
}

/** The other half, as a command for the machine: on the card that has its address. */
export function swallowAtMachine({ ip }: Wire, hubIp: string, mac: string): readonly string[] {
  const entry = `replace ${hubIp} lladdr ${mac} nud permanent dev`;
  return ['sh', '-c', `set -- $(ip -o -4 addr show to ${ip}); exec ip neigh ${entry} "$2"`];
}

export function unswallowAtMachine(wire: Wire, hubIp: string, mac: string): readonly string[] {
  const [shell = '', flag = '', script = ''] = swallowAtMachine(wire, hubIp, mac);
  const forget = `ip neigh del ${hubIp} dev "$2"`;
  return [shell, flag, `${script.replace('exec ', '')}; ${forget}`];
}
