/** Starts the proxy beside the machines and waits until it takes commands. */
import { readFile } from 'node:fs/promises';
import type { HubProcess, Room } from '../../vms/provider.ts';
import { LabError, messageOf } from '../harness/errors.ts';
import { pause } from '../harness/run/interruptible.ts';
import type { ProxyControl } from '../harness/run/stage.ts';
import { connectProxy } from './proxy-control.ts';

/** Name of the proxy among the programs beside the machines. */
export const PROXY_PROGRAM = 'proxy';

/** One that ended is told at once; a slow and busy computer takes long to start one. */
const READY_WITHIN_MS = 60_000;
const ASK_AGAIN_MS = 25;
const LOG_LINES = 12;

export interface ProxyStart {
  readonly name: string;
  readonly entry: string;
  readonly configFile: string;
  readonly commandSocket: string;
  /** Ports of 127.0.0.1 that are opened for it outside. */
  readonly ports: readonly number[];
}

export async function startProxy(
  room: Room,
  { name, entry, configFile, commandSocket, ports }: ProxyStart,
  signal: AbortSignal,
): Promise<ProxyControl> {
  const started = await room.spawnHub({
    name,
    file: process.execPath,
    args: [entry, 'start', '-c', configFile],
    stopWith: [process.execPath, entry, '-s', commandSocket, 'shutdown'],
    sockets: ports.map(port => ({ host: '127.0.0.1', port })),
  });
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      return await readyControl(commandSocket);
    } catch (error) {
      if (!isAlive(started)) throw await ended(started, error);
      if (performance.now() > deadline) throw await late(started, error);
    }
    await pause(ASK_AGAIN_MS, signal);
  }
}

async function readyControl(commandSocket: string): Promise<ProxyControl> {
  const control = await connectProxy(commandSocket);
  try {
    const { workerPids } = await control.identity();
    if (workerPids.length === 0) throw new Error('no worker runs yet');
    return control;
  } catch (error) {
    await control.close();
    throw error;
  }
}

function isAlive({ pid }: HubProcess): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function ended({ logFile }: HubProcess, cause: unknown): Promise<LabError> {
  const log = await lastLines(logFile);
  return new LabError('LAB_ENVIRONMENT', `The proxy ended at its start. It said:\n${log}`, cause);
}

async function late({ logFile }: HubProcess, cause: unknown): Promise<LabError> {
  const log = await lastLines(logFile);
  const seconds = READY_WITHIN_MS / 1_000;
  return new LabError(
    'LAB_ENVIRONMENT',
    `The proxy took no command within ${seconds} s (${messageOf(cause)}). It said:\n${log}`,
    cause,
  );
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-LOG_LINES).join('\n') || '(nothing)';
}
