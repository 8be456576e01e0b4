/** The computer that the doctor runs on. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statfsSync,
} from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { SYSTEM_NAME } from '../../vms/platform.ts';
import { findPortHolder } from '../../vms/port-holder.ts';
import { pathFolders } from '../browser/places.ts';
import { findProgram } from '../harness/run/find-program.ts';
import type { PortHolderFact } from './facts.ts';
import type { Answer, System } from './system.ts';

const ANSWER_LIMIT_MS = 10_000;

/** Elsewhere a program's name is all of it. */
const PROGRAM_ENDINGS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  win32: ['.exe', '.cmd', '.bat'],
};

type Given = Pick<System, 'env' | 'terminal' | 'kitFolder'>;

export function thisSystem(given: Given): System {
  const platform = SYSTEM_NAME;
  return {
    ...given,
    platform,
    node: { version: process.versions.node, arch: process.arch },
    arch: os.machine() === 'aarch64' ? 'arm64' : os.machine().replace('x86_64', 'x64'),
    release: os.release(),
    processors: os.availableParallelism(),
    memory: { total: os.totalmem(), free: os.freemem(), limit: process.constrainedMemory() ?? 0 },
    isRoot: process.geteuid?.() === 0,
    userName: userName(),
    hostName: os.hostname(),
    userHome: os.homedir(),
    read,
    list,
    exists: existsSync,
    canOpen,
    writeProblem,
    diskFree,
    program: name => findProgram(name, pathFolders(given.env, platform), PROGRAM_ENDINGS[platform]),
    run: argv => run(argv, given.env),
    canListen,
    holderOf,
  };
}

/** In a container a user may have no name. */
function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return '';
  }
}

function read(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch {
    return undefined;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function canOpen(file: string): boolean {
  try {
    closeSync(openSync(file, 'r+'));
    return true;
  } catch {
    return false;
  }
}

/** A folder that is not there yet is made by the first lab: its nearest parent decides. */
function writeProblem(folder: string): string | undefined {
  const there = nearestThere(folder);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

function diskFree(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(nearestThere(folder));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function nearestThere(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(folder) || parent === folder ? folder : nearestThere(parent);
}

async function run(argv: readonly string[], env: System['env']): Promise<Answer | undefined> {
  const [file = '', ...args] = argv;
  const { exitCode, stdout, stderr } = await execa(file, args, {
    env: { ...env, LC_ALL: 'C' },
    extendEnv: false,
    stdin: 'ignore',
    timeout: ANSWER_LIMIT_MS,
    killSignal: 'SIGKILL',
    reject: false,
  });
  return exitCode === undefined ? undefined : { exitCode, stdout, stderr };
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

async function holderOf(port: number): Promise<PortHolderFact | undefined> {
  const holder = await findPortHolder('127.0.0.1', port);
  if (holder === undefined) return undefined;
  const { pid, name, room } = holder;
  return { pid, name, ...(room !== undefined && { lab: room }) };
}
