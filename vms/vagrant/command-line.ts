/** Runs `vagrant` in the folder of a lab: argument arrays, its own state, progress as it comes. */
import { MachineError } from '../errors.ts';
import { runStreamed, type StreamedLine } from '../programs/streamed-command.ts';
import type { ExecResult } from '../provider.ts';
import type { EngineName } from './engines.ts';
import { explainVagrantError } from './explain-error.ts';

/** Of what a machine's command printed before it failed. */
const LOG_LINES = 15;

/** Where Vagrant works and what it may touch. */
export interface VagrantPlace {
  /** Folder of the Vagrantfile and of machines.json. */
  readonly folder: string;
  readonly engine: EngineName;
  /** Where boxes lie; default: the user's own, ~/.vagrant.d. */
  readonly home?: string;
  /** Where Vagrant remembers its machines; default: .vagrant in the folder. */
  readonly dotfiles?: string;
  /** Another list of machines than the one in the folder. */
  readonly machinesFile?: string;
  /** Environment of everything that is started: the marks of a room. */
  readonly env?: Readonly<Record<string, string>>;
  /** Makes of a command line the one that runs it elsewhere: in the namespace of the lab. */
  readonly wrap?: (argv: readonly string[]) => readonly string[];
}

export interface VagrantProgress {
  /** Undefined where Vagrant speaks of none. */
  readonly machine: string | undefined;
  readonly text: string;
  /** Since the command was given. */
  readonly ms: number;
}

export interface VagrantOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: VagrantProgress) => void;
}

/** A command that fails resolves with its exit code and what it said. */
export async function runVagrant(
  place: VagrantPlace,
  args: readonly string[],
  { timeoutMs, signal, onProgress }: VagrantOptions = {},
): Promise<ExecResult> {
  const argv = ['vagrant', ...args];
  try {
    return await runStreamed(place.wrap?.(argv) ?? argv, {
      env: environment(place),
      cwd: place.folder,
      signal,
      onLine: progressOf(onProgress),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  } catch (error) {
    throw isMissing(error) ? notInstalled(error) : error;
  }
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof MachineError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function notInstalled(cause: unknown): MachineError {
  return new MachineError(
    'VM_PROVIDER_UNREADY',
    'vagrant is not installed, or not on PATH. On Debian and Ubuntu: apt-get install vagrant; ' +
      'elsewhere: its installer. Labs also run without it: --machines netns or process.',
    cause,
  );
}

/** A command that has to succeed; else rejects with Vagrant's reason, explained where it is known. */
export async function mustRunVagrant(
  place: VagrantPlace,
  args: readonly string[],
  options: VagrantOptions = {},
): Promise<string> {
  const result = await runVagrant(place, args, options);
  if (result.exitCode === 0) return result.stdout;
  const said = complaint(result) || `exit code ${result.exitCode}`;
  const command = `vagrant ${args.join(' ')}`;
  throw new MachineError('VM_COMMAND_FAILED', `${command}: ${explainVagrantError(said)}`);
}

/** Of a command that failed on a machine Vagrant says only that its words are "in the log above". */
function complaint({ stdout, stderr }: ExecResult): string {
  const said = stderr.trim();
  if (said === '') return stdout.trim();
  if (!/in the log above/.test(said)) return said;
  return `${stdout.trimEnd().split('\n').slice(-LOG_LINES).join('\n')}\n${said}`;
}

export function environment(place: VagrantPlace): Record<string, string> {
  return {
    ...place.env,
    VAGRANT_CWD: place.folder,
    VAGRANT_DEFAULT_PROVIDER: place.engine,
    VAGRANT_CHECKPOINT_DISABLE: '1',
    VAGRANT_NO_COLOR: '1',
    // Where a box would be fetched from that was not added: nobody listens there.
    VAGRANT_SERVER_URL: 'http://127.0.0.1:9',
    ...(place.home === undefined ? {} : { VAGRANT_HOME: place.home }),
    ...(place.dotfiles === undefined ? {} : { VAGRANT_DOTFILE_PATH: place.dotfiles }),
    // Empty: the list in the folder, whatever the caller's own environment says.
    RELAIS_MACHINES: place.machinesFile ?? '',
  };
}

function progressOf(onProgress: VagrantOptions['onProgress']): (line: StreamedLine) => void {
  return ({ text, ms }) => {
    const spoken = parseProgress(text);
    if (spoken !== undefined) onProgress?.({ ...spoken, ms });
  };
}

/**
 * One line as Vagrant prints it: `==> webapp1: Booting VM...`, or with four blanks where it goes
 * into detail; undefined for an empty one.
 */
export function parseProgress(line: string): Omit<VagrantProgress, 'ms'> | undefined {
  const text = line.trimEnd();
  if (text === '') return undefined;
  const parts = /^(?:==>| {3}) ([^\s:]+): ?(.*)$/.exec(text);
  if (parts === null) return { machine: undefined, text: text.trim() };
  const said = (parts[2] ?? '').trim();
  return said === '' ? undefined : { machine: parts[1], text: said };
}
