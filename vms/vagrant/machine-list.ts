/**
 * The list of machines that vms/Vagrantfile reads: one JSON file, written beside the copy of the
 * Vagrantfile in the folder of a lab. Both ends know its version; keys are told in the types.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appUnitText } from '../box/app-unit.ts';
import type { MachineSpec } from '../machine.ts';
import { type Box, DEFAULT_BOXES, type EngineName } from './engines.ts';

export const LIST_VERSION = 1;
export const LIST_FILE = 'machines.json';
export const DEFAULT_MEMORY_MIB = 256;

export interface ListedMachine {
  readonly name: string;
  readonly ip: string;
  /** Where the app listens, on every address of the machine. */
  readonly port: number;
  /** On 127.0.0.1; 0: Vagrant forwards none, whoever wants one does it outside. */
  readonly forwardedPort: number;
  /** Fixed, so that neighbours that remember a machine find it again when it was made anew. */
  readonly mac: string;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly app: {
    /** Absolute path on this computer of the one file that is put on the machine. */
    readonly file: string;
    readonly env: Readonly<Record<string, string>>;
  };
}

/** The proxy on a machine of its own; absent where it runs on this computer. */
export interface ListedProxy {
  readonly ip: string;
  readonly mac: string;
  readonly memoryMiB: number;
  readonly cpus: number;
  /** From 127.0.0.1:`host` to port `guest` of the machine. */
  readonly forwards: readonly { readonly host: number; readonly guest: number }[];
}

export interface MachineList {
  readonly version: typeof LIST_VERSION;
  readonly engine: EngineName;
  readonly box: string;
  readonly boxVersion?: string;
  /** Part of the name of everything that is made: relais-PREFIX-webapp1. */
  readonly prefix: string;
  /** First three octets, for example '192.168.56'. */
  readonly subnet: string;
  /** This computer's address on the network that libvirt makes; default SUBNET.1. */
  readonly hostIp?: string;
  /** libvirt: 'kvm' or 'qemu'; default: what the box says. */
  readonly driver?: 'kvm' | 'qemu';
  /** lxc: the bridge that containers are plugged in; default relais0. */
  readonly bridge?: string;
  readonly proxy?: ListedProxy;
  /** The systemd unit of apps, for boxes that come without it. */
  readonly unit: string;
  readonly machines: readonly ListedMachine[];
}

export interface MachineListOptions {
  readonly engine: EngineName;
  readonly prefix: string;
  readonly subnet: string;
  /** Default: the box of the engine. */
  readonly box?: Box;
  readonly hostIp?: string;
  readonly driver?: 'kvm' | 'qemu';
  readonly bridge?: string;
  readonly proxy?: Pick<ListedProxy, 'ip' | 'forwards'>;
  /** Of each machine; default 256. */
  readonly memoryMiB?: number;
  /** Of each machine; default 1. */
  readonly cpus?: number;
}

/** Nothing is checked here, see check-machines.ts. */
export function machineList(
  specs: readonly MachineSpec[],
  options: MachineListOptions,
): MachineList {
  const { engine, prefix, subnet, hostIp, driver, bridge, proxy } = options;
  const box = options.box ?? DEFAULT_BOXES[engine];
  const size = {
    memoryMiB: options.memoryMiB ?? DEFAULT_MEMORY_MIB,
    cpus: options.cpus ?? 1,
  };
  return {
    version: LIST_VERSION,
    engine,
    box: box.name,
    ...(box.version === undefined ? {} : { boxVersion: box.version }),
    prefix,
    subnet,
    ...(hostIp === undefined ? {} : { hostIp }),
    ...(driver === undefined ? {} : { driver }),
    ...(bridge === undefined ? {} : { bridge }),
    ...(proxy === undefined ? {} : { proxy: { ...proxy, ...size, mac: macOf(proxy.ip) } }),
    unit: appUnitText(),
    machines: specs.map(spec => ({ ...listed(spec), ...size })),
  };
}

function listed(spec: MachineSpec): Omit<ListedMachine, 'memoryMiB' | 'cpus'> {
  const { name, ip, port, forwardedPort, app } = spec;
  // At boot the app may be quicker than the address: it listens on whatever comes.
  const env = { ...app.env, HOST: '0.0.0.0', PORT: String(port) };
  return {
    name,
    ip,
    port,
    forwardedPort,
    mac: macOf(ip),
    app: { file: app.file, env: { ...env, VERSION: app.version, MACHINE: name } },
  };
}

/** In the range of QEMU's own cards, which every engine takes; unique as the address is. */
export function macOf(ip: string): string {
  const octets = ip.split('.').slice(1).map(Number);
  return ['52:54:00', ...octets.map(octet => octet.toString(16).padStart(2, '0'))].join(':');
}

/** Writes machines.json in this folder, atomically; resolves to its path. */
export function writeMachineList(folder: string, list: MachineList): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, LIST_FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(list, null, 2)}\n`);
  renameSync(`${file}.new`, file);
  return file;
}
