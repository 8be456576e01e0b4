/** Says who holds a port that we need, and what to do about it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MachineError } from './errors.ts';
import { environmentOf, MARK } from './programs/marked-processes.ts';

export interface PortHolder {
  readonly pid: number;
  readonly name: string;
  readonly command: string;
  /** Set when it belongs to a room of ours: the room's folder. */
  readonly room: string | undefined;
}

/** The process in the way of listening there; undefined when it is not ours to see. */
export async function findPortHolder(host: string, port: number): Promise<PortHolder | undefined> {
  // Loaded here: it is large, and every command would wait for it.
  const { portToPid } = await import('pid-port');
  for (const address of [host, '0.0.0.0', '::']) {
    const pid = await portToPid({ port, host: address }).catch(() => undefined);
    if (pid !== undefined) return describeProcess(pid);
  }
  return undefined;
}

function describeProcess(pid: number): PortHolder {
  const argv = (readProc(pid, 'cmdline') ?? '').split('\0');
  return {
    pid,
    // Node names its main thread, and `comm` with it, "MainThread": the command says more.
    name: path.basename(argv[0] ?? '') || (readProc(pid, 'comm') ?? 'a process'),
    command: argv.join(' ').replace(/\s+/g, ' ').trim().slice(0, 120),
    room: environmentOf(pid)?.[MARK.room],
  };
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The error for a socket that could not be opened, with the holder's name and a way out. */
export async function portError(
  use: string,
  host: string,
  port: number,
  cause: unknown,
): Promise<MachineError> {
  if (cause instanceof MachineError) return cause;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code !== 'EADDRINUSE') {
    const reason = code === 'EACCES' ? `port ${port} needs more rights; take one above 1023` : code;
    return new MachineError(
      'VM_PORT_IN_USE',
      `Cannot open ${host}:${port} for ${use}: ${reason}.`,
      cause,
    );
  }
  const holder = await findPortHolder(host, port);
  return new MachineError('VM_PORT_IN_USE', inUseMessage(use, host, port, holder), cause);
}

function inUseMessage(use: string, host: string, port: number, holder: PortHolder | undefined) {
  const what = `Port ${port} on ${host}, needed for ${use}, is in use`;
  const elsewhere = 'or take other ports with --instance 1';
  if (holder === undefined) {
    return `${what} by a process that only its owner can see. Stop it, ${elsewhere}.`;
  }
  const who = `by ${holder.name} (pid ${holder.pid}${holder.command && `: ${holder.command}`})`;
  if (holder.room !== undefined) {
    return `${what} ${who}, part of the lab in ${holder.room}. End that lab first, ${elsewhere}.`;
  }
  return `${what} ${who}. Stop it (kill ${holder.pid}), ${elsewhere}.`;
}
