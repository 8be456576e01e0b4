/**
 * Network namespaces, each kept alive by a `sleep` of its own. They have no name and no mount, so
 * ending the sleeper is all it takes to remove one.
 */
import { readFileSync } from 'node:fs';
import { MachineError } from '../errors.ts';
import type { Lease } from '../lease.ts';
import { waitUntil } from '../programs/deadline.ts';
import { startProgram } from '../programs/detached-program.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import { logTail } from '../programs/program-log.ts';

export type Rights = NonNullable<Lease['rights']>;

const SLEEPER = ['sleep', 'infinity'];

/** A command line that runs in the network of this holder. */
export function inside(holder: ProcessIdentity, rights: Rights, argv: readonly string[]): string[] {
  const user = rights === 'root' ? [] : ['--user', '--preserve-credentials'];
  return ['nsenter', '--target', String(holder.pid), ...user, '--net', '--', ...argv];
}

/** The first namespace of a room. Without root it also opens the user namespace of all others. */
export function unshareHub(rights: Rights, argv: readonly string[] = SLEEPER): readonly string[] {
  const user = rights === 'root' ? [] : ['--user', '--map-root-user'];
  return ['unshare', ...user, '--net', '--', ...argv];
}

export function unshareMachine(hub: ProcessIdentity, rights: Rights): readonly string[] {
  return inside(hub, rights, ['unshare', '--net', '--', ...SLEEPER]);
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
