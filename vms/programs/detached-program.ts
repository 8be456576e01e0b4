/**
 * Starts programs that outlive us: own session (no Ctrl-C from our terminal), output to a file,
 * listening sockets opened here and inherited. On Windows nothing but a child of Node's own kind
 * inherits sockets: there it is seen that they can be opened, and the program opens them itself.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { HERE, type Platform } from '../platform.ts';
import { portError } from '../port-holder.ts';
import { type ListeningSocket, openListeningSocket } from './inherited-socket.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface ProgramSpec {
  /** For messages: 'machine webapp1', 'program proxy'. */
  readonly title: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  readonly logFile: string;
  readonly sockets: readonly Endpoint[];
  /** Queue length of the sockets. */
  readonly backlog?: number;
}

export interface StartedProgram {
  readonly process: ProcessIdentity;
  readonly bound: readonly Endpoint[];
}

export async function startProgram(
  spec: ProgramSpec,
  platform: Platform = HERE,
): Promise<StartedProgram> {
  const outcome = startWithin(spec, platform);
  if ('process' in outcome) return outcome;
  if ('endpoint' in outcome) {
    const { host, port } = outcome.endpoint;
    throw await portError(spec.title, host, port, outcome.error);
  }
  throw new MachineError('VM_COMMAND_FAILED', `Cannot start ${spec.title}: ${outcome.error}.`);
}

/** Of our own environment; what is undefined is not handed on. */
const NOT_FOR_OTHERS = {
  NODE_OPTIONS: undefined,
  LISTEN_PID: undefined,
  LISTEN_FDNAMES: undefined,
};

type Outcome =
  | StartedProgram
  | { readonly endpoint: Endpoint; readonly error: unknown }
  | { readonly error: unknown };

/** One turn of the event loop from the first socket to the spawn: see inherited-socket.ts. */
function startWithin(spec: ProgramSpec, platform: Platform): Outcome {
  const sockets: ListeningSocket[] = [];
  try {
    for (const endpoint of spec.sockets) {
      try {
        sockets.push(openListeningSocket(endpoint.host, endpoint.port, spec.backlog));
      } catch (error) {
        return { endpoint, error };
      }
    }
    const bound = sockets.map(({ host, port }) => ({ host, port }));
    const inherited = platform === 'win32' ? [] : sockets;
    if (platform === 'win32') for (const socket of sockets) socket.close();
    const listen = listenWords(bound, platform);
    const started = spawnDetached(spec, { ...spec.env, ...listen }, inherited);
    if (started === undefined) return { error: `${spec.argv[0]} does not start` };
    return { process: started, bound };
  } finally {
    for (const socket of sockets) socket.close();
  }
}

/** How the program is told of its sockets. */
export function listenWords(
  bound: readonly Endpoint[],
  platform: Platform,
): Readonly<Record<'LISTEN_FDS' | 'LISTEN_ALSO', string | undefined>> {
  const own = platform === 'win32';
  const list = bound.map(({ host, port }) => `${host}:${port}`).join(',');
  return {
    LISTEN_FDS: own || bound.length === 0 ? undefined : String(bound.length),
    LISTEN_ALSO: own && bound.length > 0 ? list : undefined,
  };
}

function spawnDetached(
  { argv, cwd, logFile }: ProgramSpec,
  env: Readonly<Record<string, string | undefined>>,
  sockets: readonly ListeningSocket[],
): ProcessIdentity | undefined {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  try {
    const [file = '', ...args] = argv;
    const child = spawn(file, args, {
      detached: true,
      // biome-ignore lint/style/noProcessEnv: `env` replaces the environment, this extends it
      env: { ...process.env, ...NOT_FOR_OTHERS, ...env },
      cwd,
      windowsHide: true,
      stdio: ['ignore', log, log, ...sockets.map(socket => socket.fd)],
    });
    child.on('error', () => undefined); // told by the missing pid
    child.unref();
    return child.pid === undefined ? undefined : identify(child.pid, true);
  } finally {
    closeSync(log);
  }
}
