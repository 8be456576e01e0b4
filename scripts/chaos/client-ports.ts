/** Which client connections a process holds: the only requests that its death excuses. Linux's /proc. */
import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * The clients' ports of the connections to `listenerPort` that the process holds. Those that still wait
 * in the listener's queue are nobody's, and another worker takes them.
 */
export async function clientPortsOf(pid: number, listenerPort: number): Promise<number[]> {
  const inodes = await socketInodes(pid);
  const tables = await Promise.all(['tcp', 'tcp6'].map(name => readTable(pid, name)));
  return tables.flatMap(table => clientPorts(table, listenerPort, inodes));
}

/** `table`: /proc/net/tcp, see proc(5). Ports are hexadecimal. */
export function clientPorts(
  table: string,
  listenerPort: number,
  inodes: ReadonlySet<string>,
): number[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap(line => {
      const [, local = '', remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/);
      const isOurs = portOf(local) === listenerPort && inodes.has(inode);
      // A listening socket has no other end.
      return isOurs && portOf(remote) !== 0 ? [portOf(remote)] : [];
    });
}

function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '0', 16);
}

function readTable(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/net/${name}`, 'latin1').catch(() => '');
}

async function socketInodes(pid: number): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`;
  const entries = await readdir(folder).catch((): string[] => []);
  const links = await Promise.all(
    // A descriptor may be closed between the listing and the look.
    entries.map(entry => readlink(`${folder}/${entry}`).catch(() => '')),
  );
  return new Set(links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
