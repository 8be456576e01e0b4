/** Looks for what a closed room has left behind, without asking the code that should remove it. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Room } from '../../vms/provider.ts';

export interface Footprint {
  readonly folder: string;
  readonly namespaces: ReadonlySet<string>;
  /** Open files that keep the numbers of these namespaces: a room that is made meanwhile gets others. */
  readonly held: readonly number[];
  readonly endpoints: readonly string[];
}

/** What the room is made of while it lives. */
export async function footprintOf(room: Room, folder: string): Promise<Footprint> {
  const namespaces = new Set<string>();
  const look = ['readlink', '/proc/self/ns/net'];
  namespaces.add((await room.execHub(look)).stdout.trim());
  const endpoints: string[] = [];
  for (const machine of await room.status()) {
    if (machine.state !== 'running') continue;
    namespaces.add((await room.exec(machine.name, look)).stdout.trim());
    endpoints.push(...[machine.forwarded, machine.address].filter(it => it !== undefined));
  }
  namespaces.delete(readlinkSync('/proc/self/ns/net'));
  const local = endpoints.filter(it => it.startsWith('127.'));
  return { folder, namespaces, held: [...namespaces].flatMap(holdNamespace), endpoints: local };
}

/** Of a room of which only the folder is known. */
export function footprintOfFolder(folder: string): Footprint {
  return { folder, namespaces: new Set(), held: [], endpoints: [] };
}

/** A virtual machine has a kernel, and numbers, of its own. */
function holdNamespace(name: string): number[] {
  const pid = readdirSync('/proc').find(entry => networkOf(Number(entry)) === name);
  return pid === undefined ? [] : [openSync(`/proc/${pid}/ns/net`, 'r')];
}

export async function assertNothingRemains(footprint: Footprint): Promise<void> {
  assert.deepEqual(
    processesThat(pid => mentions(pid, footprint.folder)),
    [],
  );
  assert.deepEqual(
    processesThat(pid => footprint.namespaces.has(networkOf(pid))),
    [],
  );
  for (const descriptor of footprint.held) closeSync(descriptor);
  for (const endpoint of footprint.endpoints) await assertFree(endpoint);
  assert.deepEqual(
    readdirSync(footprint.folder).filter(entry => entry !== 'logs'),
    [],
  );
}

/** Processes of other users hide these facts: they are none of ours. */
function processesThat(holds: (pid: number) => boolean): string[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => Number.isInteger(pid) && pid !== process.pid && holds(pid))
    .map(pid => `${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ')}`);
}

function mentions(pid: number, folder: string): boolean {
  const isZombie = /^State:\s+[ZX]/m.test(read(pid, 'status'));
  return !isZombie && `${read(pid, 'environ')}${read(pid, 'cmdline')}`.includes(folder);
}

function networkOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(path.join('/proc', String(pid), file), 'utf8');
  } catch {
    return '';
  }
}

async function assertFree(endpoint: string): Promise<void> {
  const [host, port] = endpoint.split(':');
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), host, () => server.close(() => resolve()));
  });
}
