/**
 * Namespaces for network and host name, each pair kept alive by a `sleep` of its own. They have no
 * name and no mount, so ending the sleeper is all it takes to remove them.
 */
import { readFileSync } from 'node:fs';
import { MachineError } from '../errors.ts';
import type { Lease } from '../lease.ts';
import { waitUntil } from '../programs/deadline.ts';
import { startProgram } from '../programs/detached-program.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import { logTail } from '../programs/program-log.ts';

export type Rights = NonNullable<Lease['rights']>;

/** What `hostname` says beside the machines. */
export const HUB_NAME = 'relais';

const NAMESPACES = ['--net', '--uts'];

/** A command line that runs in a network, and under a host name, of its own. */
export function unshareNetwork(argv: readonly string[]): string[] {
  return ['unshare', ...NAMESPACES, '--', ...argv];
}

/** A command line that runs in the network of this holder. */
export function inside(holder: ProcessIdentity, rights: Rights, argv: readonly string[]): string[] {
  const user = rights === 'root' ? [] : ['--user', '--preserve-credentials'];
  return ['nsenter', '--target', String(holder.pid), ...user, ...NAMESPACES, '--', ...argv];
}

/** The hub of the room in this folder; throws VM_NOT_RUNNING when it is gone. */
export function livingHub(hub: ProcessIdentity | undefined, folder: string): ProcessIdentity {
  if (isAlive(hub)) return hub;
  throw new MachineError(
    'VM_NOT_RUNNING',
    `The lab's network in ${folder} is gone; run \`lab clean\`, then start again.`,
  );
}

/** The first namespace of a room. Without root it also opens the user namespace of all others. */
export function unshareHub(rights: Rights, argv: readonly string[]): readonly string[] {
  const user = rights === 'root' ? [] : ['--user', '--map-root-user'];
  return ['unshare', ...user, ...NAMESPACES, '--', ...argv];
}

/** Names the host, if that name can be one, then sleeps. */
export function sleepAs(name: string): readonly string[] {
  return ['sh', '-c', 'hostname "$0" 2>/dev/null; exec sleep infinity', name];
}

/** Starts a holder and resolves when its namespace is there. */
export async function startHolder(
  title: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  logFile: string,
): Promise<ProcessIdentity> {
  const { process: holder } = await startProgram({ title, argv, env, logFile, sockets: [] });
  const ready = await waitUntil(() => !isAlive(holder) || runsSleep(holder), {
    deadlineMs: 10_000,
  });
  if (ready && isAlive(holder)) return holder;
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `Cannot make the namespace of ${title}: ${logTail(logFile)}`,
  );
}

/** nsenter and unshare become the sleeper in the end: then the namespace is entered for good. */
function runsSleep(holder: ProcessIdentity): boolean {
  try {
    return readFileSync(`/proc/${holder.pid}/comm`, 'utf8').trim() === 'sleep';
  } catch {
    return false;
  }
}
