/** Finds a machine's wire among the network cards of the hub, as `ip -json addr` tells them. */
import { macOf } from './machine-list.ts';

export interface Link {
  readonly ifname: string;
  readonly address?: string;
  /** The bridge that it is plugged in. */
  readonly master?: string;
  readonly addr_info?: readonly { readonly local?: string }[];
}

/**
 * The hub's end has the machine's own hardware address, but for its start. So has a bridge that was
 * given none, as soon as the wire is plugged in there.
 */
export function portOf(links: readonly Link[], ip: string): Link | undefined {
  const mac = macOf(ip).replace(/^52/, 'fe');
  return links.find(({ address, master }) => address === mac && master !== undefined);
}

export function bridgeWith(links: readonly Link[], hubIp: string): Link | undefined {
  return links.find(
    ({ ifname, addr_info = [] }) =>
      ifname !== 'lo' && addr_info.some(({ local }) => local === hubIp),
  );
}
