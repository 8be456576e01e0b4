/** The peers of a listener whose X-Forwarded-* are believed. */
import { BlockList, isIP } from 'node:net';
import type { Trust } from '../../http1/client-address.ts';

export class TrustList implements Trust {
  private readonly list = new BlockList();

  /** Addresses and CIDR blocks that have been checked. */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [ip = '', bits] = network.split('/');
      const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.list.addAddress(ip, family);
      else this.list.addSubnet(ip, Number(bits), family);
    }
  }

  trusts(ip: string): boolean | undefined {
    const family = isIP(ip);
    if (family === 0) return undefined;
    return this.list.check(ip, family === 6 ? 'ipv6' : 'ipv4');
  }
}
