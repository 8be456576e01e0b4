/** Starts the proxy alone on a free port, asks it once, and stops it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { commandSocketPath } from '../../harness/run/run-folder.ts';
import { removeSockets } from '../../stage/stage-proxies.ts';
import type { TrialFact } from '../facts.ts';
import { trial } from './trial.ts';

const LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 3_000;
const ASK_AGAIN_MS = 25;

export async function tryProxy(proxyEntry: string, signal: AbortSignal): Promise<TrialFact> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-doctor-'));
  try {
    return await trial(LIMIT_MS, signal, stop => useProxy(proxyEntry, folder, stop));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function useProxy(entry: string, folder: string, signal: AbortSignal): Promise<undefined> {
  const port = await freePort();
  const commandSocket = commandSocketPath(folder);
  const file = path.join(folder, 'relais.toml');
  await writeFile(file, configuration(port, commandSocket));
  const proxy = execa(process.execPath, [entry, 'start', '-c', file], {
    stdin: 'ignore',
    all: true,
    reject: false,
    forceKillAfterDelay: STOP_LIMIT_MS,
  });
  const ended = proxy.then(({ all }) => {
    throw new Error(`it ended at its start: ${lastLine(all)}`);
  });
  // Awaited below, or of no interest any more.
  ended.catch(() => {});
  try {
    await Promise.race([answers(port, signal), ended]);
  } finally {
    proxy.kill('SIGTERM');
    await proxy;
    await removeSockets(commandSocket);
  }
}

/** Without a frontend, the proxy has one answer: 404, its own. */
async function answers(port: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { connection: 'close' },
      signal,
    }).catch(() => undefined);
    signal.throwIfAborted();
    if (answer?.status === 404) return;
    if (answer !== undefined) throw new Error(`it answered ${answer.status} instead of 404`);
    await setTimeout(ASK_AGAIN_MS, undefined, { signal });
  }
}

function configuration(port: number, commandSocket: string): string {
  return `command_socket = ${JSON.stringify(commandSocket)}
worker_count = 1

[[listeners]]
protocol = "http"
address = "127.0.0.1:${port}"
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'it said nothing';
}
