/** All addresses of a name, as this machine's files and name servers know them now. */
import { lookup as systemLookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { HERE, type Platform } from '../../shared/platform.ts';

export interface Found {
  /** Sorted; no address twice. At least one. */
  readonly addresses: readonly string[];
  /** How long the answer is good. */
  readonly ttlMs: number;
  /** One of the two families could not be asked: there may be more addresses. */
  readonly partial: boolean;
}

/** Rejects when the name has no address, or nobody can be asked. */
export type LookUp = (name: string) => Promise<Found>;

export interface LookUpSources {
  readonly resolver: Pick<Resolver, 'resolve4' | 'resolve6'>;
  /** The operating system's own way: files, DNS, whatever else it is set up for. */
  readonly system: (name: string) => Promise<readonly string[]>;
  /** The text of the hosts file; '' without one. */
  readonly hostsFile: () => Promise<string>;
  /** This machine has an IPv6 address, be it only the loopback's. */
  readonly hasIpv6: () => boolean;
}

/** Shorter would burden name servers, longer would keep dead machines. */
export const SHORTEST_TTL_MS: number = 1000;
export const LONGEST_TTL_MS: number = 60_000;
/** The system's own way tells no time. */
export const SYSTEM_TTL_MS: number = 5000;

const NO_ANSWER_MS = 2000;
/** `getaddrinfo` holds one of Node's four threads while it waits; the others stay free. */
const MOST_SYSTEM_LOOKUPS = 2;

export function nameLookUp(sources: LookUpSources = systemSources()): LookUp {
  return async name => {
    if (isLocal(name) || isListed(await sources.hostsFile(), name)) return viaSystem(sources, name);
    const [v4, v6] = await Promise.allSettled([
      sources.resolver.resolve4(name, { ttl: true }),
      sources.resolver.resolve6(name, { ttl: true }),
    ]);
    const records = [...recordsOf(v4), ...recordsOf(v6)];
    // A short name, or one that only mDNS or a directory knows.
    if (records.length === 0) return viaSystem(sources, name);
    const ttlMs = Math.min(...records.map(({ ttl }) => ttl * 1000));
    return {
      addresses: usable(
        sources,
        records.map(({ address }) => address),
      ),
      ttlMs: Math.min(LONGEST_TTL_MS, Math.max(SHORTEST_TTL_MS, ttlMs)),
      partial: isTrouble(v4) || isTrouble(v6),
    };
  };
}

type Answer = PromiseSettledResult<readonly { readonly address: string; readonly ttl: number }[]>;

function recordsOf(answer: Answer): readonly { readonly address: string; readonly ttl: number }[] {
  return answer.status === 'fulfilled' ? answer.value : [];
}

/** Not merely that the name has no address of this family. */
function isTrouble(answer: Answer): boolean {
  if (answer.status === 'fulfilled') return false;
  return !['ENODATA', 'ENOTFOUND'].includes(String(answer.reason?.code));
}

async function viaSystem(sources: LookUpSources, name: string): Promise<Found> {
  const addresses = usable(sources, await sources.system(name));
  return { addresses, ttlMs: SYSTEM_TTL_MS, partial: false };
}

/** Where there is no IPv6, every connect to such an address would fail; RFC 3493 §6.1, ADDRCONFIG. */
function usable({ hasIpv6 }: LookUpSources, addresses: readonly string[]): string[] {
  const all = [...new Set(addresses)].sort();
  const reachable = hasIpv6() ? all : all.filter(isIPv4);
  return reachable.length > 0 ? reachable : all;
}

/** RFC 6761 §6.3: never a question for a name server. */
function isLocal(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/** c-ares does not read the hosts file, and whoever writes a name there wants it to win. */
function isListed(hosts: string, name: string): boolean {
  return hosts
    .split(/\r?\n/)
    .some(line => line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/).indexOf(name) > 0);
}

function systemSources(): LookUpSources {
  const lookup = promisify(systemLookup);
  return {
    resolver: new Resolver({ timeout: NO_ANSWER_MS, tries: 2 }),
    system: inTurn(MOST_SYSTEM_LOOKUPS, async name => {
      const found = await lookup(name, { all: true });
      return found.map(({ address }) => address);
    }),
    hasIpv6: () => Object.values(networkInterfaces()).some(each => each?.some(isIpv6)),
    hostsFile: () => readFile(hostsFile(), 'utf8').catch(() => ''),
  };
}

export function hostsFile(platform: Platform = HERE): string {
  return platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
}

function isIpv6({ family }: NetworkInterfaceInfo): boolean {
  return family === 'IPv6';
}

/** At most so many at once; the others wait for their turn. */
function inTurn<T>(most: number, work: (name: string) => Promise<T>): (name: string) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async name => {
    if (running >= most) await new Promise<void>(resolve => waiting.push(resolve));
    running++;
    try {
      return await work(name);
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
