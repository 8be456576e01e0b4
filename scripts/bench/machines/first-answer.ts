/** The time from nothing to the first page through the proxy, on three machines of one kind. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressPlan, MAX_INSTANCE } from '../../../vms/address-plan.ts';
import type { MachineSpec } from '../../../vms/machine.ts';
import type { Room } from '../../../vms/provider.ts';
import type { MachineKind } from './kinds.ts';

const dist = path.resolve(import.meta.dirname, '../../..');
const app = path.join(dist, 'hello-earth.cjs');
const proxy = path.join(dist, 'bin/relais.js');

const NAMES = ['webapp1', 'webapp2', 'webapp3'] as const;
const ASK_AGAIN_MS = 5;
const ANSWERS_WITHIN_MS = 30_000;

/** Milliseconds since the start; `goneMs`: what it took to remove everything again. */
export interface Round {
  readonly upMs: number;
  readonly answerMs: number;
  readonly goneMs: number;
}

/** Makes a room, measures, and removes it whatever happens. */
export async function measureRound({ provider }: MachineKind, signal: AbortSignal): Promise<Round> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-bench-'));
  try {
    const start = performance.now();
    // The last instance: labs that run are seldom there.
    const { subnet } = addressPlan(MAX_INSTANCE);
    const room = await provider.open({ folder, subnet, label: 'bench of machines' });
    let upMs: number;
    let answerMs: number;
    try {
      const machines = specs();
      const proxyPort = startProxy(room, machines, folder);
      await Promise.all([proxyPort, ...machines.map(spec => room.up(spec, signal))]);
      upMs = performance.now() - start;
      await firstAnswer(await proxyPort, signal);
      answerMs = performance.now() - start;
    } finally {
      await room.close();
    }
    return { upMs, answerMs, goneMs: performance.now() - start - answerMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function specs(): readonly MachineSpec[] {
  const { machines } = addressPlan(MAX_INSTANCE);
  return NAMES.map(name => {
    const { ip, port } = machines[name];
    return { name, ip, port, forwardedPort: 0, app: { file: app, version: 'v1' } };
  });
}

/** At once, since addresses are known beforehand; resolves with its port on 127.0.0.1. */
async function startProxy(
  room: Room,
  machines: readonly MachineSpec[],
  folder: string,
): Promise<number> {
  const file = path.join(folder, 'relais.toml');
  const backends = machines.map(spec => `{ address = "${room.addressOf(spec)}" }`);
  const port = addressPlan(MAX_INSTANCE).proxyPort;
  const config = `command_socket = "./relais.sock"
worker_count = 1

[[listeners]]
protocol = "http"
address = "127.0.0.1:${port}"

[clusters.webapp]
protocol = "http"
frontends = [{ address = "127.0.0.1:${port}", hostname = "*" }]
backends = [${backends.join(', ')}]
`;
  await writeFile(file, config);
  await room.spawnHub({
    name: 'proxy',
    file: process.execPath,
    args: [proxy, 'start', '-c', file],
    sockets: [{ host: '127.0.0.1', port }],
  });
  return port;
}

async function firstAnswer(port: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + ANSWERS_WITHIN_MS;
  let said = 'nothing';
  while (performance.now() < end) {
    signal.throwIfAborted();
    said = await ask(port);
    if (said === '200') return;
    await sleep(ASK_AGAIN_MS);
  }
  throw new Error(`no page through the proxy within ${ANSWERS_WITHIN_MS / 1_000} s: ${said}`);
}

function ask(port: number): Promise<string> {
  return new Promise(resolve => {
    const request = get({ host: '127.0.0.1', port, agent: false, timeout: 2_000 }, response => {
      response.resume();
      resolve(String(response.statusCode));
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 2 s')));
    request.on('error', error => resolve(error.message));
  });
}
