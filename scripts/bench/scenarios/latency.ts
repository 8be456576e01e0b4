/** What a proxy adds to the time of an answer when it is far from busy. */
import path from 'node:path';
import { bodyOf, startNginxBackend } from '../backends/nginx.ts';
import { type Latencies, latenciesOf, runOpenLoop } from '../load/run-open-loop.ts';
import { runWrk } from '../load/wrk.ts';
import { fastPeers } from '../peers.ts';
import { freePorts, HOST } from '../ready.ts';
import { decimals, median, type Verdict, verdict } from '../result.ts';
import { anyFailed, inTurn, running, startPeers, troubles } from '../running-peer.ts';
import type { Scenario } from '../scenario.ts';

const PER_SECOND = 1_000;
const SIZE = 1_024;
const DIRECT = 'direct';

interface Round extends Latencies {
  readonly target: string;
}

export const latency: Scenario = {
  name: 'latency',
  about: `time added to an answer at ${PER_SECOND} requests per second`,
  peers: fastPeers,
  async run(run) {
    const { crew, folder, options, say } = run;
    const [backendPort = 0] = await freePorts(1);
    const backend = `127.0.0.1:${backendPort}`;
    await startNginxBackend(crew, path.join(folder, 'backend'), [backend], [SIZE]);
    const wish = { backends: [backend], path: `/${SIZE}`, body: bodyOf(SIZE) };
    const started = await startPeers(run, wish);
    const targets = [{ name: DIRECT, port: backendPort }, ...running(started)];
    // A proxy that runs at all has run for a while.
    const warmUp = { path: wish.path, host: HOST, connections: options.connections, seconds: 2 };
    for (const { port } of targets) await runWrk(crew, { ...warmUp, port });
    const rounds: Round[] = [];
    for (let number = 1; number <= options.rounds; number++) {
      for (const { name, port } of inTurn(targets, number)) {
        say(`latency, round ${number} of ${options.rounds}: ${name}`);
        const load = { port, path: wish.path, perSecond: PER_SECOND, seconds: options.seconds };
        rounds.push({ target: name, ...latenciesOf(await runOpenLoop(crew, folder, load)) });
      }
    }
    return {
      scenario: 'latency',
      conditions: `open loop, ${PER_SECOND} requests per second, ${options.rounds} × ${options.seconds} s, ${SIZE} bytes`,
      table: { headings, rows: targets.map(({ name }) => cells(rounds, name)) },
      notes: troubles(started),
      verdicts: judge(rounds),
      figures: rounds,
      failed: anyFailed(started),
    };
  },
};

const headings = [
  ...['target', 'p50 ms', 'p99 ms', 'added p50', 'added p99'],
  ...['failed', 'load late p99 ms'],
];

function middle(
  rounds: readonly Round[],
  target: string,
  key: 'p50Ms' | 'p99Ms' | 'lateP99Ms',
): number | undefined {
  return median(rounds.filter(round => round.target === target).map(round => round[key]));
}

function added(
  rounds: readonly Round[],
  target: string,
  key: 'p50Ms' | 'p99Ms',
): number | undefined {
  const [through, direct] = [middle(rounds, target, key), middle(rounds, DIRECT, key)];
  return through === undefined || direct === undefined ? undefined : through - direct;
}

function failures(rounds: readonly Round[], target: string): number {
  const own = rounds.filter(round => round.target === target);
  return own.reduce((sum, round) => sum + round.failed, 0);
}

function cells(rounds: readonly Round[], target: string): string[] {
  const isDirect = target === DIRECT;
  return [
    target,
    decimals(middle(rounds, target, 'p50Ms'), 2),
    decimals(middle(rounds, target, 'p99Ms'), 2),
    isDirect ? '' : decimals(added(rounds, target, 'p50Ms'), 2),
    isDirect ? '' : decimals(added(rounds, target, 'p99Ms'), 2),
    String(failures(rounds, target)),
    decimals(middle(rounds, target, 'lateP99Ms'), 2),
  ];
}

function judge(rounds: readonly Round[]): Verdict[] {
  const show = (value: number): string => `${value.toFixed(2)} ms`;
  const isMeasured = rounds.some(round => round.target === 'relais');
  return [
    verdict('added p50 ≤ 0.2 ms', added(rounds, 'relais', 'p50Ms'), value => value <= 0.2, show),
    verdict('added p99 ≤ 1 ms', added(rounds, 'relais', 'p99Ms'), value => value <= 1, show),
    verdict(
      'no request fails',
      isMeasured ? failures(rounds, 'relais') : undefined,
      value => value === 0,
      String,
    ),
  ];
}
