/** Starts a real proxy process on free ports in a folder of its own, and ends it with the test. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { type CommandClient, connectCommand } from '../../proxy/index.ts';
import { eventually } from './eventually.ts';

export const relaisProgram: string = path.resolve(import.meta.dirname, '../../bin/relais.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
  /** Before the program: `prlimit --nofile=100`, for instance. */
  readonly wrapper?: readonly string[];
  /** Another build of the proxy. */
  readonly entry?: string;
}

/** Runs `relais` with these arguments; nothing is awaited yet. */
export function spawnRelais(parameters: readonly string[], options: SpawnOptions = {}): Spawned {
  const { wrapper = [], entry = relaisProgram } = options;
  const [program = '', ...words] = [...wrapper, process.execPath, entry];
  const child = spawn(program, [...words, ...parameters], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>(resolve => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** Runs `relais` to its end. */
export function runRelais(...parameters: readonly string[]): Promise<Ended> {
  return spawnRelais(parameters).ended;
}

export interface RunningProxy extends Spawned {
  readonly folder: string;
  readonly configFile: string;
  readonly socketPath: string;
  readonly pid: number;
  /** Of the listeners, in the order of the ready line; the port is the real one. */
  readonly addresses: readonly string[];
  /** Of the first listener. */
  readonly port: number;
  /** A new connection to the command socket; closed with the test. */
  connect(): Promise<CommandClient>;
}

export interface ProxySpec {
  /** TOML; the command socket is `./sock` unless the text names another. Use port 0. */
  readonly config: string;
  /** Further files of the folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly parameters?: readonly string[];
  readonly options?: SpawnOptions;
}

export async function makeFolder(
  test: TestContext,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return folder;
}

/** Resolves when every worker accepts. */
export async function startProxy(test: TestContext, spec: ProxySpec): Promise<RunningProxy> {
  const named = /^\s*command_socket\s*=\s*"(.*)"/m.exec(spec.config)?.[1];
  const socket = named === undefined ? 'command_socket = "./sock"\n' : '';
  // A killed proxy must not leave workers behind.
  const orphans = spec.config.includes('orphan_timeout') ? '' : 'orphan_timeout = 5\n';
  const config = `${socket}${orphans}${spec.config}`;
  const folder = await makeFolder(test, { ...spec.files, 'proxy.toml': config });
  const configFile = path.join(folder, 'proxy.toml');
  const socketPath = path.resolve(folder, named ?? './sock');
  const parameters = ['start', '-c', configFile, ...(spec.parameters ?? [])];
  const spawned = spawnRelais(parameters, spec.options);
  test.after(async () => {
    spawned.child.kill('SIGKILL');
    await spawned.ended;
  });
  const addresses = await readyAddresses(spawned);
  const port = Number(addresses[0]?.split(':').at(-1));
  return {
    ...spawned,
    folder,
    configFile,
    socketPath,
    pid: spawned.child.pid ?? 0,
    addresses,
    port,
    connect: async () => {
      const client = await connectCommand(socketPath);
      test.after(() => client.close());
      return client;
    },
  };
}

/** Resolves when every worker accepts, with the addresses of the ready line. */
export async function readyAddresses(spawned: Spawned): Promise<string[]> {
  const ready = await Promise.race([
    eventually(
      'the proxy is ready',
      () => /^relais: ready, listening on (.*), \d+ workers?$/m.exec(spawned.stdout())?.[1],
      30_000,
    ),
    spawned.ended.then(({ code, stderr }): never => {
      throw new Error(`the proxy ended with ${code} at its start: ${stderr}`);
    }),
  ]);
  return ready.split(' ').map(url => url.replace('http://', ''));
}
