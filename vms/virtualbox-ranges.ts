/**
 * Which addresses VirtualBox lets host-only networks have, since version 6.1.28: 192.168.56.0/21,
 * or what /etc/vbox/networks.conf says instead. Windows has no such rule, nor has VirtualBox 7 on
 * macOS; there Vagrant does not ask either.
 */
import { readFileSync } from 'node:fs';
import { BlockList, isIPv4 } from 'node:net';
import { HERE, type Platform } from './platform.ts';

export const NETWORKS_FILE = '/etc/vbox/networks.conf';
const DEFAULT_RANGES = ['192.168.56.0/21'];

export interface AllowedRanges {
  allows(ip: string): boolean;
  /** As they are written, IPv4 only. */
  readonly ranges: readonly string[];
}

/** Undefined where every address is allowed. */
export function allowedRanges(
  platform: Platform = HERE,
  networksFile: string = NETWORKS_FILE,
): AllowedRanges | undefined {
  if (platform === 'win32' || platform === 'darwin') return undefined;
  return rangesIn(contents(networksFile));
}

/** The file's lines are `* RANGE RANGE…`; undefined stands for no file. */
export function rangesIn(networksConf: string | undefined): AllowedRanges {
  return allowing(networksConf === undefined ? DEFAULT_RANGES : parseRanges(networksConf));
}

/** Of ranges that were read before. */
export function allowing(ranges: readonly string[]): AllowedRanges {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix = '32'] = range.split('/');
    list.addSubnet(address, Number(prefix));
  }
  return { ranges, allows: ip => list.check(ip) };
}

function parseRanges(networksConf: string): string[] {
  return networksConf
    .split('\n')
    .map(line => line.trim())
    .filter(line => line.startsWith('*'))
    .flatMap(line => line.slice(1).trim().split(/\s+/))
    .filter(isRange);
}

function isRange(entry: string): boolean {
  const [address = '', prefix = '32'] = entry.split('/');
  return isIPv4(address) && /^\d{1,2}$/.test(prefix) && Number(prefix) <= 32;
}

function contents(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
