/** As many requests as each proxy can pass on, with answers of several sizes. */
import path from 'node:path';
import { bodyOf, startNginxBackend } from '../backends/nginx.ts';
import { runWrk } from '../load/wrk.ts';
import { allPeers } from '../peers.ts';
import { usageOfTree } from '../process-usage.ts';
import { freePorts, HOST } from '../ready.ts';
import {
  decimals,
  mebibytes,
  median,
  type ScenarioResult,
  summarize,
  thousands,
  type Verdict,
  verdict,
} from '../result.ts';
import {
  anyFailed,
  emptyAccessLog,
  inTurn,
  type RunningPeer,
  running,
  startPeers,
  troubles,
} from '../running-peer.ts';
import type { BenchRun, Scenario } from '../scenario.ts';

export interface Round {
  readonly peer: string;
  readonly size: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number | undefined;
  readonly cpuMicrosPerRequest: number | undefined;
  readonly rssBytes: number | undefined;
  /** Whether its access log grew; undefined when it has none. */
  readonly logged?: boolean | undefined;
  /** Why the round does not count. */
  readonly invalid: string | undefined;
}

export const throughput: Scenario = {
  name: 'throughput',
  about: 'requests per second, CPU time and memory at full load',
  peers: allPeers,
  async run(run) {
    const { crew, folder, options, say } = run;
    const [backendPort = 0] = await freePorts(1);
    const backend = `127.0.0.1:${backendPort}`;
    const [firstSize = 100] = options.sizes;
    await startNginxBackend(crew, path.join(folder, 'backend'), [backend], options.sizes);
    const wish = { backends: [backend], path: `/${firstSize}`, body: bodyOf(firstSize) };
    const started = await startPeers(run, wish);
    const rounds: Round[] = [];
    for (const size of options.sizes) {
      for (let number = 1; number <= options.rounds; number++) {
        for (const peer of inTurn(running(started), number)) {
          say(`${size} bytes, round ${number} of ${options.rounds}: ${peer.name}`);
          rounds.push(await measure(run, peer, size));
        }
      }
    }
    return { ...conclude(rounds, troubles(started), options), failed: anyFailed(started) };
  },
};

async function measure(run: BenchRun, peer: RunningPeer, size: number): Promise<Round> {
  const { crew, options } = run;
  const { member, port, name } = peer;
  const load = { port, path: `/${size}`, host: HOST, connections: options.connections };
  const unmeasured = { peer: name, size, requestsPerSecond: 0, p99Ms: undefined };
  try {
    await runWrk(crew, { ...load, seconds: options.warmUpSeconds });
    const before = await usageOfTree(member.pid);
    const result = await runWrk(crew, { ...load, seconds: options.seconds });
    const after = await usageOfTree(member.pid);
    const logged = await emptyAccessLog(peer);
    if (!member.isRunning()) throw new Error(`the peer ended: ${member.words()}`);
    const cpuMicros = before && after && after.cpuMicros - before.cpuMicros;
    return {
      peer: name,
      size,
      requestsPerSecond: result.requestsPerSecond,
      p99Ms: result.p99Ms,
      cpuMicrosPerRequest: cpuMicros && cpuMicros / result.requests,
      rssBytes: after?.rssBytes,
      logged: peer.accessLog === undefined ? undefined : logged > 0,
      invalid: result.invalid,
    };
  } catch (error) {
    if (crew.dismissed.aborted) throw error;
    const invalid = (error as Error).message;
    return { ...unmeasured, cpuMicrosPerRequest: undefined, rssBytes: undefined, invalid };
  }
}

const headings = [
  ...['peer', 'bytes', 'req/s (min–max)', '× haproxy', '× nginx'],
  ...['p99 ms', 'CPU µs/req', 'RSS MiB'],
];

/** What the rounds say. */
export function conclude(
  rounds: readonly Round[],
  notes: readonly string[],
  options: { readonly rounds: number; readonly seconds: number; readonly connections: number },
): Omit<ScenarioResult, 'failed'> {
  const sizes = [...new Set(rounds.map(round => round.size))];
  const peers = [...new Set(rounds.map(round => round.peer))];
  const order = allPeers.map(peer => peer.name).filter(name => peers.includes(name));
  const invalid = rounds.filter(round => round.invalid !== undefined);
  const silent = new Set(rounds.filter(round => round.logged === false).map(round => round.peer));
  return {
    scenario: 'throughput',
    conditions:
      `${options.connections} keep-alive connections, ${options.rounds} × ${options.seconds} s, ` +
      'one worker each, backend nginx, access logs: ' +
      allPeers
        .filter(peer => order.includes(peer.name))
        .map(peer => `${peer.name} ${peer.accessLog}`)
        .join('; '),
    table: {
      headings,
      rows: sizes.flatMap(size => order.map(peer => cells(rounds, peer, size))),
    },
    notes: [
      ...notes,
      ...[...silent].map(peer => `${peer} wrote no access log, though it should have`),
      ...invalid.map(round => `a round of ${round.peer} does not count: ${round.invalid}`),
    ],
    verdicts: sizes.flatMap(size => judge(rounds, size)),
    figures: rounds,
  };
}

function valid(rounds: readonly Round[], peer: string, size: number): readonly Round[] {
  return rounds.filter(
    round => round.peer === peer && round.size === size && round.invalid === undefined,
  );
}

function cells(all: readonly Round[], peer: string, size: number): string[] {
  const rounds = valid(all, peer, size);
  const speed = summarize(rounds.map(round => round.requestsPerSecond));
  if (speed === undefined) return [peer, String(size), 'no valid round'];
  const middle = (key: 'p99Ms' | 'cpuMicrosPerRequest' | 'rssBytes'): number | undefined =>
    median(rounds.flatMap(round => round[key] ?? []));
  const [typical, least, most] = [speed.median, speed.min, speed.max].map(thousands);
  return [
    peer,
    String(size),
    `${typical} (${least}–${most})`,
    decimals(ratio(all, size, peer, 'haproxy'), 2),
    decimals(ratio(all, size, peer, 'nginx'), 2),
    decimals(middle('p99Ms'), 2),
    decimals(middle('cpuMicrosPerRequest'), 1),
    mebibytes(middle('rssBytes')),
  ];
}

/** Median of one to median of the other. */
function ratio(
  rounds: readonly Round[],
  size: number,
  peer: string,
  other: string,
  key: 'requestsPerSecond' | 'p99Ms' = 'requestsPerSecond',
): number | undefined {
  const of = (name: string): number | undefined =>
    median(valid(rounds, name, size).flatMap(round => round[key] ?? []));
  const [mine, theirs] = [of(peer), of(other)];
  return mine === undefined || theirs === undefined ? undefined : mine / theirs;
}

const PROMISES = [
  { peer: 'haproxy', least: 1 },
  { peer: 'nginx', least: 1 },
  { peer: 'http-proxy', least: 4 },
  { peer: '@fastify/http-proxy', least: 3.5 },
] as const;

function judge(rounds: readonly Round[], size: number): Verdict[] {
  const show = (value: number): string => value.toFixed(2);
  return [
    ...PROMISES.map(({ peer, least }) =>
      verdict(
        `${size} bytes: requests per second ≥ ${least} × ${peer}`,
        ratio(rounds, size, 'relais', peer),
        value => value >= least,
        show,
      ),
    ),
    verdict(
      `${size} bytes: p99 at full load ≤ 1.2 × haproxy`,
      ratio(rounds, size, 'relais', 'haproxy', 'p99Ms'),
      value => value <= 1.2,
      show,
    ),
  ];
}
