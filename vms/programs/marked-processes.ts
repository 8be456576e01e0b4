/**
 * Finds and ends the processes of a room. Each carries the room's folder in its environment, so
 * they are found even when their starter was killed before it could write their pids down.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { MachineError } from '../errors.ts';
import { HERE, type Platform } from '../platform.ts';
import { runCommand } from './command.ts';
import { waitUntil } from './deadline.ts';
import { groupMembers } from './process-groups.ts';
import {
  identify,
  isAlive,
  isAliveNow,
  type ProcessIdentity,
  signalProcess,
  statFields,
} from './process-identity.ts';
import { killTreeCommand } from './windows-tools.ts';

/** Environment variables that every process of a room carries; `ps e` shows them. */
export const MARK = {
  room: 'RELAIS_ROOM',
  label: 'RELAIS_LABEL',
  machine: 'MACHINE',
  /** What the process is to its machine; a command that somebody runs there has none. */
  role: 'RELAIS_ROLE',
  /** The program beside the machines that it is, or that started it. */
  program: 'RELAIS_PROGRAM',
} as const;

/** What the processes of a room carry, whatever their part in it. */
export type Marks = Readonly<Record<string, string>>;

/** What /proc tells about the environment of a process; undefined when it is not ours to read. */
export function environmentOf(pid: number): Readonly<Record<string, string>> | undefined {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return Object.fromEntries(
      entries.filter(entry => entry.includes('=')).map(entry => splitAt(entry, entry.indexOf('='))),
    );
  } catch {
    return undefined;
  }
}

function splitAt(text: string, at: number): [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Living processes marked with this folder. Only Linux can tell; elsewhere the lease must do. */
export function findMarked(folder: string): readonly ProcessIdentity[] {
  return processIds()
    .filter(pid => pid !== process.pid && environmentOf(pid)?.[MARK.room] === folder)
    .flatMap(pid => identify(pid) ?? []);
}

/** The app and the holder that a machine has, or had when their starter was killed. */
export function findPartsOf(machine: string, folder: string): readonly ProcessIdentity[] {
  return findMarked(folder).filter(({ pid }) => {
    const environment = environmentOf(pid);
    return environment?.[MARK.machine] === machine && environment[MARK.role] !== undefined;
  });
}

/** A program beside the machines and whatever it has started, in any session. Only Linux can tell. */
export function findProgramParts(program: string, folder: string): readonly ProcessIdentity[] {
  return findMarked(folder).filter(({ pid }) => environmentOf(pid)?.[MARK.program] === program);
}

export function partMarks(marks: Marks, machine: string, role: 'app' | 'holder'): Marks {
  return { ...marks, [MARK.machine]: machine, [MARK.role]: role };
}

/** This process and those of its process group: a program and what it started. Windows has no groups. */
export function groupOf(
  leader: ProcessIdentity,
  platform: Platform = HERE,
): readonly ProcessIdentity[] {
  if (!isAlive(leader)) return [];
  const members =
    platform === 'linux'
      ? processIds().filter(pid => groupIdOf(pid) === leader.pid)
      : groupMembers(leader.pid, platform);
  const others = members.filter(pid => pid !== leader.pid);
  return [leader, ...others.flatMap(pid => identify(pid) ?? [])];
}

export function parentOf(pid: number): number | undefined {
  return numberAt(pid, 1);
}

function groupIdOf(pid: number): number | undefined {
  return numberAt(pid, 2);
}

/** A field of /proc/PID/stat behind the command's name. */
function numberAt(pid: number, field: number): number | undefined {
  try {
    return Number(statFields(pid)[field]);
  } catch {
    return undefined;
  }
}

export function processIds(): readonly number[] {
  if (HERE !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => Number.isInteger(pid));
}

/**
 * Kills without asking, and resolves when the kernel has let go of all of them. They are stopped
 * first: none shall see another one's end and do something about it before its own.
 */
export async function killAll(
  processes: readonly ProcessIdentity[],
  platform: Platform = HERE,
): Promise<void> {
  let said = '';
  if (platform === 'win32') said = await killTrees(processes);
  else {
    for (const identity of processes) signalProcess(identity, 'SIGSTOP');
    for (const identity of processes) signalProcess(identity, 'SIGKILL');
  }
  if (await waitUntil(() => !processes.some(isAlive), { deadlineMs: 10_000 })) return;
  const left = processes.filter(isAlive).map(({ pid }) => pid);
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `Cannot end process ${left.join(', ')}${said}. If it is another user's, run this as that user.`,
  );
}

/** Windows has no signals to stop them by before; what they have started goes with them. */
async function killTrees(processes: readonly ProcessIdentity[]): Promise<string> {
  const pids = processes.filter(isAliveNow).map(({ pid }) => pid);
  if (pids.length === 0) return '';
  const { stderr } = await runCommand(killTreeCommand(pids));
  const [line] = stderr.trim().split('\n');
  return line ? ` (taskkill: ${line.trim()})` : '';
}

/** Asks to end with SIGTERM; whoever has not gone after the grace is killed, children too. */
export async function endGroup(leader: ProcessIdentity, graceMs: number): Promise<void> {
  const members = groupOf(leader);
  signalProcess(leader, 'SIGTERM');
  signalProcess(leader, 'SIGCONT'); // a frozen process hears nothing else
  await waitUntil(() => !members.some(isAlive), { deadlineMs: graceMs });
  await killAll([...members, ...groupOf(leader)]);
}

/**
 * The same where there is no SIGTERM: `ask` tells it in its own words. Where that cannot be done or
 * is not heard, it is killed at once.
 */
export async function endByWord(
  leader: ProcessIdentity,
  graceMs: number,
  ask: () => Promise<void>,
): Promise<void> {
  const heard = await ask().then(
    () => true,
    () => false,
  );
  if (heard) await waitUntil(() => !isAlive(leader), { deadlineMs: graceMs });
  await killAll([leader], 'win32');
}
