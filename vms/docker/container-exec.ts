/** Runs commands in containers, over the engine's API. */
import { MachineError } from '../errors.ts';
import { waitUntil } from '../programs/deadline.ts';
import type { EngineApi } from './engine-api.ts';

export interface Ended {
  readonly exitCode: number;
  /** Output and errors, in the order in which they came. */
  readonly output: string;
}

interface ExecState {
  readonly Running: boolean;
  readonly ExitCode: number | null;
  /** As the engine's own computer counts. */
  readonly Pid: number;
}

/** To its end. Rejects when the container does not run or is paused. */
export async function runInContainer(
  api: EngineApi,
  container: string,
  argv: readonly string[],
): Promise<Ended> {
  const id = await createExec(api, container, argv, {});
  const path = `/exec/${id}/start`;
  const stream = await api.ask({ method: 'POST', path, body: { Detach: false, Tty: false } });
  const state = await execState(api, id);
  return { exitCode: state?.ExitCode ?? -1, output: payloadOf(stream.body).toString('utf8') };
}

/** As `runInContainer`, for what must succeed. */
export async function mustRunInContainer(
  api: EngineApi,
  container: string,
  argv: readonly string[],
): Promise<string> {
  const { exitCode, output } = await runInContainer(api, container, argv);
  if (exitCode === 0) return output;
  const said = output.trim() || `exit code ${exitCode}`;
  throw new MachineError('VM_COMMAND_FAILED', `${argv.join(' ')} in ${container}: ${said}`);
}

export interface Started {
  /** The engine's name for it. */
  readonly id: string;
  /** In the container. */
  readonly pid: number;
  /** As the engine's own computer counts; 0 when it has ended already. */
  readonly outerPid: number;
}

const KNOWN_WITHIN_MS = 10_000;

/** Starts a program that stays, leader of a session of its own, with its output in this file. */
export async function startInContainer(
  api: EngineApi,
  container: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  logFile: string,
): Promise<Started> {
  const launch = 'echo $$; log=$0; exec "$@" >>"$log" 2>&1 </dev/null';
  const id = await createExec(api, container, ['sh', '-c', launch, logFile, ...argv], env);
  const path = `/exec/${id}/start`;
  const stream = await api.open({ method: 'POST', path, body: { Detach: false, Tty: false } });
  let said = Buffer.alloc(0);
  // Leaving the loop ends the connection; the program goes on.
  for await (const piece of stream) {
    said = Buffer.concat([said, piece as Buffer]);
    if (payloadOf(said).includes('\n')) break;
  }
  const text = payloadOf(said).toString('utf8');
  const pid = Number(/^(\d+)\n/.exec(text)?.[1]);
  if (pid > 0) return { id, pid, outerPid: await outerPidOf(api, id) };
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `Cannot start ${argv.join(' ')} in ${container}: ${text.trim() || said.toString('utf8').trim()}`,
  );
}

/** The engine learns of a start, and of an end, a moment after the program's own first word. */
async function outerPidOf(api: EngineApi, id: string): Promise<number> {
  let state: ExecState | undefined;
  await waitUntil(
    async () => {
      state = await execState(api, id);
      return state === undefined || state.ExitCode !== null || (state.Running && state.Pid > 0);
    },
    { deadlineMs: KNOWN_WITHIN_MS },
  );
  return state?.Running ? state.Pid : 0;
}

/** Undefined when the engine knows it no more: the container has been off since. */
export function execState(api: EngineApi, id: string): Promise<ExecState | undefined> {
  return api.find<ExecState>(`/exec/${id}/json`);
}

async function createExec(
  api: EngineApi,
  container: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const made = await api.change<{ Id: string }>({
    method: 'POST',
    path: `/containers/${container}/exec`,
    body: {
      Cmd: argv,
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      AttachStdout: true,
      AttachStderr: true,
    },
  });
  return made?.Id ?? '';
}

const FRAME_HEADER = 8;

/** The stream comes in frames: one byte of kind, three empty, four of length, then the bytes. */
export function payloadOf(stream: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at + FRAME_HEADER <= stream.length; ) {
    const length = stream.readUInt32BE(at + 4);
    pieces.push(stream.subarray(at + FRAME_HEADER, at + FRAME_HEADER + length));
    at += FRAME_HEADER + length;
  }
  return Buffer.concat(pieces);
}
