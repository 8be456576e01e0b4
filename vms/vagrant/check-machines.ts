/**
 * Refuses, before anything is made, lists of machines that Vagrant's own validation lets pass and
 * that fail after minutes, or never work: addresses, ports, names and sizes.
 */
import { isIPv4 } from 'node:net';
import { MachineError } from '../errors.ts';
import { type AllowedRanges, allowedRanges, NETWORKS_FILE } from '../virtualbox-ranges.ts';
import type { EngineName } from './engines.ts';
import type { MachineList } from './machine-list.ts';

/** The kit's own box and the public one boot and serve with this much; with less nobody tried. */
export const MIN_MEMORY_MIB = 256;

/** The longest host name, and what all engines take as the name of a machine. */
const MAX_NAME = 63;

const FORWARDING: readonly EngineName[] = ['virtualbox', 'vmware_desktop', 'parallels'];

interface Place {
  readonly name: string;
  readonly ip: string;
}

/** One sentence with cause, key and fix for each thing that is wrong; empty when all is well. */
export function machineProblems(
  list: MachineList,
  ranges: AllowedRanges | undefined = allowedRanges(),
): readonly string[] {
  const { machines, proxy } = list;
  const places: Place[] = [...machines, ...(proxy ? [{ name: 'proxy', ip: proxy.ip }] : [])];
  return [
    ...machines.flatMap(({ name }) => nameProblems(name, list.prefix)),
    ...duplicates(places, place => place.name).map(
      ([name]) => `name: two machines are called ${name}. Give each its own name.`,
    ),
    ...places.flatMap(place => addressProblems(place, list, ranges)),
    ...duplicates(places, place => place.ip).map(
      ([ip, sharers]) =>
        `ip: ${sharers.map(({ name }) => name).join(' and ')} both have ${ip}. ` +
        `Free is, for example, ${freeAddress(list.subnet, places)}.`,
    ),
    ...portProblems(list),
    ...sizeProblems(list),
    ...bridgeProblems(list),
  ];
}

/** Rejects with VM_LIST_INVALID and all problems at once. */
export function checkMachines(list: MachineList, ranges?: AllowedRanges): void {
  const problems = machineProblems(list, ranges ?? allowedRanges());
  if (problems.length === 0) return;
  throw new MachineError(
    'VM_LIST_INVALID',
    `These machines cannot be made:\n${problems.map(problem => `  - ${problem}`).join('\n')}`,
  );
}

/** The nearest name that a host may have: webapp_new1 gives webapp-new1. */
export function validName(name: string): string {
  const near = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_NAME)
    .replaceAll(/^-+|-+$/g, '');
  return near === '' ? 'machine' : near;
}

function nameProblems(name: string, prefix: string): string[] {
  const full = `relais-${prefix}-${name}`;
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    const what = name.includes('_') ? 'has an underscore' : 'is no host name';
    return [
      `name: ${JSON.stringify(name)} ${what}: hosts are named with the letters a to z, digits and ` +
        `"-" between them. Call it ${validName(name)}.`,
    ];
  }
  if (full.length <= MAX_NAME) return [];
  return [
    `name: ${full} has ${full.length} characters, the most is ${MAX_NAME}. ` +
      `Shorten the name ${name} or the label of the run.`,
  ];
}

function addressProblems(
  { name, ip }: Place,
  list: MachineList,
  ranges: AllowedRanges | undefined,
): string[] {
  const { subnet, engine } = list;
  const key = `${name}: ip: ${ip}`;
  if (!isIPv4(ip)) {
    return [`${key} is no address: it has four numbers, each 0 to 255. Write ${subnet}.21, say.`];
  }
  if (engine === 'virtualbox' && ranges !== undefined && !ranges.allows(ip)) {
    return [
      `${key} is not in what VirtualBox allows since version 6.1.28 (${ranges.ranges.join(', ')}). ` +
        `Take an address of 192.168.56.0/21, or put "* ${subnet}.0/24" into ${NETWORKS_FILE}.`,
    ];
  }
  if (!ip.startsWith(`${subnet}.`)) {
    return [`${key} is not in the lab's network ${subnet}.0/24. Take one of ${subnet}.2 to .254.`];
  }
  const taken = takenAddresses(list).get(ip);
  if (taken === undefined || name === 'proxy') return [];
  return [`${key} is ${taken}. Take another one of ${subnet}.2 to .254.`];
}

function takenAddresses({ subnet, hostIp, proxy }: MachineList): ReadonlyMap<string, string> {
  return new Map([
    [`${subnet}.0`, "the network's own"],
    [`${subnet}.255`, 'for all machines of the network'],
    [`${subnet}.1`, "this computer's own in that network"],
    ...(proxy === undefined ? [[`${subnet}.10`, "the proxy's"] as const] : []),
    ...(hostIp === undefined ? [] : [[hostIp, "this computer's own in that network"] as const]),
  ]);
}

function freeAddress(subnet: string, places: readonly Place[]): string {
  const used = new Set(places.map(({ ip }) => ip));
  const hosts = Array.from({ length: 234 }, (_, index) => `${subnet}.${index + 21}`);
  return hosts.find(ip => !used.has(ip)) ?? `${subnet}.2`;
}

interface Forward {
  readonly of: string;
  readonly port: number;
}

function portProblems({ machines, proxy, engine }: MachineList): string[] {
  const forwards: Forward[] = [
    ...machines.map(({ name, forwardedPort }) => ({ of: name, port: forwardedPort })),
    ...(proxy?.forwards ?? []).map(({ host }) => ({ of: 'proxy', port: host })),
  ].filter(({ port }) => port !== 0);
  const inside = machines
    .filter(({ port }) => !isPort(port))
    .map(({ name, port }) => `${name}: port: ${port} is no port. Take one of 1 to 65535.`);
  return [
    ...inside,
    ...forwards.flatMap(forward => forwardProblems(forward, engine)),
    ...duplicates(forwards, ({ port }) => String(port)).map(
      ([port, sharers]) =>
        `forwardedPort: ${sharers.map(({ of }) => of).join(' and ')} both ask for ${port}. ` +
        'Give each its own, or 0 for a free one.',
    ),
  ];
}

function forwardProblems({ of, port }: Forward, engine: EngineName): string[] {
  if (!isPort(port)) {
    return [
      `${of}: forwardedPort: ${port} is no port. Take one of 1024 to 65535, or 0 for a free one.`,
    ];
  }
  if (port >= 1024 || !FORWARDING.includes(engine)) return [];
  return [
    `${of}: forwardedPort: ${port} is for the system's own services, ${engine} may not open it. ` +
      'Take one of 1024 to 65535, or 0 for a free one.',
  ];
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** Containers share the memory of this computer; what the list says is not used for them. */
function sizeProblems({ engine, machines, proxy }: MachineList): string[] {
  if (engine === 'lxc') return [];
  const sized = [...machines, ...(proxy ? [{ name: 'proxy', ...proxy }] : [])];
  return sized.flatMap(({ name, memoryMiB, cpus }) => [
    ...(memoryMiB >= MIN_MEMORY_MIB
      ? []
      : [
          `${name}: memoryMiB: ${memoryMiB} is less than the box needs to boot. ` +
            `Give it ${MIN_MEMORY_MIB} or more.`,
        ]),
    ...(Number.isInteger(cpus) && cpus >= 1
      ? []
      : [`${name}: cpus: ${cpus} is no number of processors. Give it 1 or more.`]),
  ]);
}

function bridgeProblems({ bridge }: MachineList): string[] {
  if (bridge === undefined || /^[^\s/]{1,15}$/.test(bridge)) return [];
  return [`bridge: ${JSON.stringify(bridge)} is no name of a bridge. It has 1 to 15 characters.`];
}

/** Keys that several items have, with those items. */
function duplicates<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  }
  return [...groups].filter(([, sharers]) => sharers.length > 1);
}
