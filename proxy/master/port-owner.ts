/** Which program listens on a port: the one thing that a person needs to know when it is taken. */
import { readFile } from 'node:fs/promises';
import { portBindings } from 'pid-port';
import { parseAddress } from '../shared/address.ts';

/** ` by nginx (pid 123)`, or nothing when it cannot be found out (another user's process). */
export async function describePortOwner(text: string): Promise<string> {
  const address = parseAddress(text);
  if (!address.ok) return '';
  try {
    const bindings = await portBindings(address.value.port, { host: '*' });
    const wanted = new Set([address.value.ip, '0.0.0.0', '::', '*']);
    const owner = bindings.find(each => wanted.has(each.host)) ?? bindings[0];
    if (owner === undefined) return '';
    const name = await processName(owner.pid);
    return ` by ${name} (pid ${owner.pid})`;
  } catch {
    return '';
  }
}

async function processName(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
  } catch {
    return 'a process';
  }
}
