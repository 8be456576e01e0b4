/** All processes of a machine, commands that somebody runs there too: who lives in its network. */
import { readlinkSync } from 'node:fs';
import { processIds } from '../programs/marked-processes.ts';
import { identify, isAlive, type ProcessIdentity } from '../programs/process-identity.ts';

/**
 * Numbers of namespaces are used again like pids. So the holder has to live from before the look
 * until after it, and a network that is also ours is nobody's machine, whatever a record says.
 */
export function inhabitantsOf(holder: ProcessIdentity | undefined): readonly ProcessIdentity[] {
  if (!isAlive(holder)) return [];
  const network = networkOf(holder.pid);
  if (network === undefined || network === networkOf(process.pid)) return [holder];
  const found = processIds()
    .filter(pid => networkOf(pid) === network)
    .flatMap(pid => identify(pid) ?? []);
  return isAlive(holder) ? found : [];
}

function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}
