/**
 * Starts programs that outlive us: own session (no Ctrl-C from our terminal), output to a file,
 * listening sockets opened here and inherited.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { MachineError } from '../errors.ts';
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

export async function startProgram(spec: ProgramSpec): Promise<StartedProgram> {
  const outcome = startWithin(spec);
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
function startWithin(spec: ProgramSpec): Outcome {
  const sockets: ListeningSocket[] = [];
  try {
    for (const endpoint of spec.sockets) {
      try {
        sockets.push(openListeningSocket(endpoint.host, endpoint.port, spec.backlog));
      } catch (error) {
        return { endpoint, error };
      }
    }
    const started = spawnDetached(spec, sockets);
    if (started === undefined) return { error: `${spec.argv[0]} does not start` };
    return { process: started, bound: sockets.map(({ host, port }) => ({ host, port })) };
  } finally {
    for (const socket of sockets) socket.close();
  }
}

function spawnDetached(
  { argv, env, cwd, logFile }: ProgramSpec,
  sockets: readonly ListeningSocket[],
): ProcessIdentity | undefined {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  try {
    const [file = '', ...args] = argv;
    const listen = sockets.length === 0 ? undefined : String(sockets.length);
    const child = spawn(file, args, {
      detached: true,
      // biome-ignore lint/style/noProcessEnv: `env` replaces the environment, this extends it
      env: { ...process.env, ...NOT_FOR_OTHERS, ...env, LISTEN_FDS: listen },
      cwd,
      stdio: ['ignore', log, log, ...sockets.map(socket => socket.fd)],
    });
    child.on('error', () => undefined); // told by the missing pid
    child.unref();
    return child.pid === undefined ? undefined : identify(child.pid);
  } finally {
    closeSync(log);
  }
}
