/**
 * Names a process for longer than its pid lasts: pids are used again, so every record holds the
 * start time too, and nothing is signalled whose start time differs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { HERE } from '../platform.ts';
import { StartTimes } from './start-times.ts';
import { startTimeQuestion } from './windows-tools.ts';

export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system tells it; compared, never read. */
  readonly started: string;
}

/**
 * The identity of a living process; undefined when there is none, or only a zombie. `fresh`: what
 * was found out a moment ago is not good enough; only Windows remembers any.
 */
export function identify(pid: number, fresh = false): ProcessIdentity | undefined {
  const started = startOf(pid, fresh);
  return started === undefined ? undefined : { pid, started };
}

function startOf(pid: number, fresh: boolean): string | undefined {
  if (HERE === 'linux') return startedFromProc(pid);
  return HERE === 'win32' ? windowsStarts.of(pid, fresh) : startedFromPs(pid);
}

export function isAlive(identity: ProcessIdentity | undefined): identity is ProcessIdentity {
  return identity !== undefined && identify(identity.pid)?.started === identity.started;
}

/** As isAlive, from what the system says now: for whoever is about to end or stop it. */
export function isAliveNow(identity: ProcessIdentity): boolean {
  return identify(identity.pid, true)?.started === identity.started;
}

/** Signals exactly this process; says whether it was there. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAliveNow(identity)) return false;
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
  const line = answerOf(['ps', '-o', 'stat=,lstart=', '-p', String(pid)], IN_ONE_LANGUAGE);
  return line === undefined ? undefined : startInPsLine(line);
}

/** Two terminals may have two languages and two time zones: the same process is the same in both. */
const IN_ONE_LANGUAGE = { LC_ALL: 'C', TZ: 'UTC' };

/** Undefined: nobody, or a zombie. */
export function startInPsLine(line: string): string | undefined {
  const text = line.trim();
  return text === '' || text.startsWith('Z') ? undefined : text.replace(/^\S+\s+/, '');
}

const windowsStarts = new StartTimes({
  ask: pid => answerOf(startTimeQuestion(pid), {})?.trim() || undefined,
  isThere: pid => {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  now: () => performance.now(),
});

function answerOf(
  [program = '', ...words]: readonly string[],
  env: Readonly<Record<string, string>>,
): string | undefined {
  try {
    return execFileSync(program, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      // biome-ignore lint/style/noProcessEnv: handed on, with two words of its own
      env: { ...process.env, ...env },
      windowsHide: true,
    });
  } catch {
    return undefined;
  }
}
