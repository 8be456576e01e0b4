/** Whether a thousand clients that take their time disturb the others. */
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, nginxProgram } from '../backends/nginx.ts';
import { type Latencies, latenciesOf, runOpenLoop } from '../load/run-open-loop.ts';
import { runWrk } from '../load/wrk.ts';
import { classicPeers } from '../peers.ts';
import { freePorts, HOST, says } from '../ready.ts';
import { decimals, median, thousands, verdict } from '../result.ts';
import {
  anyFailed,
  inTurn,
  type RunningPeer,
  running,
  startPeers,
  troubles,
} from '../running-peer.ts';
import type { BenchRun, Scenario } from '../scenario.ts';

const SLOW_CLIENTS = 1_000;
const PER_SECOND = 1_000;
const SIZE = 1_024;
const SETTLE_MS = 3_000;
const SLOW_PATH = '/slow';
const program = path.join(import.meta.dirname, '../load/slow-clients.js');

interface Round extends Latencies {
  readonly peer: string;
  readonly disturbed: boolean;
}

export const slowClients: Scenario = {
  name: 'slow-clients',
  about: `latency of the others while ${thousands(SLOW_CLIENTS)} clients trickle`,
  peers: classicPeers,
  async run(run) {
    const { crew, options, say } = run;
    const backend = await startBackend(run);
    const wish = { backends: [backend], path: `/${SIZE}`, body: bodyOf(SIZE) };
    const started = await startPeers(run, wish);
    const warmUp = { path: wish.path, host: HOST, connections: options.connections, seconds: 2 };
    for (const { port } of running(started)) await runWrk(crew, { ...warmUp, port });
    const rounds: Round[] = [];
    for (let number = 1; number <= options.rounds; number++) {
      for (const peer of inTurn(running(started), number)) {
        for (const disturbed of [false, true]) {
          say(
            `slow clients, round ${number} of ${options.rounds}: ${peer.name} ${disturbed ? 'with' : 'without'} them`,
          );
          rounds.push(await measure(run, peer, disturbed));
        }
      }
    }
    return {
      scenario: 'slow-clients',
      conditions:
        `${thousands(SLOW_CLIENTS)} clients: a third sends its head a byte per second, a third its body, a third reads nothing of a long answer; ` +
        `the others send ${thousands(PER_SECOND)} requests per second, ${options.rounds} × ${options.seconds} s`,
      table: {
        headings: ['peer', 'p99 ms without', 'p99 ms with', '×', 'failed'],
        rows: running(started).map(({ name }) => cells(rounds, name)),
      },
      notes: troubles(started),
      verdicts: [
        verdict(
          'slow clients raise the p99 of the others by at most 20 %',
          growth(rounds, 'relais'),
          value => value <= 1.2,
          value => `× ${value.toFixed(2)}`,
        ),
      ],
      figures: rounds,
      failed: anyFailed(started),
    };
  },
};

/** nginx reads the whole of a slow body before it passes it on: to itself. */
async function startBackend({ crew, folder }: BenchRun): Promise<string> {
  const [port = 0] = await freePorts(1);
  const place = path.join(folder, 'backend');
  await mkdir(place);
  const http = `
    access_log off;
    client_max_body_size 0;
    server {
      listen 127.0.0.1:${port} backlog=4096;
      location = /${SIZE} { return 200 "${bodyOf(SIZE)}"; }
      location = ${SLOW_PATH} { if ($request_method = GET) { rewrite ^ /long last; } proxy_pass http://127.0.0.1:${port}/${SIZE}; }
      location = /long { root ${place}; }
    }`;
  await writeLongFile(path.join(place, 'long'));
  crew.start('backend', await nginxProgram('nginx', place, http));
  return `127.0.0.1:${port}`;
}

/** Longer than the sockets on the way can hold; a file of nothing but holes takes no room. */
async function writeLongFile(file: string): Promise<void> {
  const handle = await open(file, 'w');
  await handle.truncate(64 * 2 ** 20);
  await handle.close();
}

async function measure(run: BenchRun, peer: RunningPeer, disturbed: boolean): Promise<Round> {
  const { crew, folder, options } = run;
  const { name, port } = peer;
  const load = { port, path: `/${SIZE}`, perSecond: PER_SECOND, seconds: options.seconds };
  const args = [program, '127.0.0.1', String(port), HOST, SLOW_PATH, String(SLOW_CLIENTS)];
  const slow = disturbed ? crew.start('slow clients', { file: process.execPath, args }) : undefined;
  if (slow !== undefined) {
    await says(slow, 'ready');
    // Until then, what the sockets can hold of the long answers is on its way.
    await sleep(SETTLE_MS);
  }
  const latencies = latenciesOf(await runOpenLoop(crew, folder, load));
  await slow?.end();
  return { peer: name, disturbed, ...latencies };
}

function middle(rounds: readonly Round[], peer: string, disturbed: boolean): number | undefined {
  const own = rounds.filter(round => round.peer === peer && round.disturbed === disturbed);
  return median(own.map(round => round.p99Ms));
}

function growth(rounds: readonly Round[], peer: string): number | undefined {
  const [without, having] = [middle(rounds, peer, false), middle(rounds, peer, true)];
  return without === undefined || having === undefined ? undefined : having / without;
}

function cells(rounds: readonly Round[], peer: string): string[] {
  const failed = rounds.filter(round => round.peer === peer).map(round => round.failed);
  return [
    peer,
    decimals(middle(rounds, peer, false), 2),
    decimals(middle(rounds, peer, true), 2),
    decimals(growth(rounds, peer), 2),
    String(failed.reduce((sum, count) => sum + count, 0)),
  ];
}
