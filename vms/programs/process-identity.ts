/**
 * Names a process for longer than its pid lasts: pids are used again, so every record holds the
 * start time too, and nothing is signalled whose start time differs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system tells it; compared, never read. */
  readonly started: string;
}

/** The identity of a living process; undefined when there is none, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startedFromProc(pid) : startedFromPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(identity: ProcessIdentity | undefined): identity is ProcessIdentity {
  return identity !== undefined && identify(identity.pid)?.started === identity.started;
}

/** Signals exactly this process; says whether it was there. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false; // it went away in between
  }
}

let bootId: string | undefined;

/** Ticks since boot (field 22 of /proc/PID/stat) mean nothing without the boot. */
function startedFromProc(pid: number): string | undefined {
  try {
    const fields = statFields(pid);
    if (isGone(fields)) return undefined;
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return `${bootId}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/**
 * A killed process reads as a zombie while its other threads still hold its sockets open; only
 * a zombie with no thread but the first has let go of everything.
 */
function isGone(fields: readonly string[]): boolean {
  const [state, threads] = [fields[0], Number(fields[17])];
  return state === 'X' || (state === 'Z' && threads <= 1);
}

/** The fields after the command's name, which may itself hold blanks and parentheses. */
export function statFields(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function startedFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
