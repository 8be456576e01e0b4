/** What ten thousand clusters cost those requests that ask for one of them. */
import path from 'node:path';
import { bodyOf, startNginxBackend } from '../backends/nginx.ts';
import { runWrk, type WrkResult } from '../load/wrk.ts';
import type { Peer } from '../peer.ts';
import { relais } from '../peers/relais.ts';
import { usageOfTree } from '../process-usage.ts';
import { freePorts, HOST } from '../ready.ts';
import { decimals, mebibytes, median, thousands, verdict } from '../result.ts';
import {
  anyFailed,
  emptyAccessLog,
  inTurn,
  type RunningPeer,
  running,
  type Started,
  startPeer,
  troubles,
} from '../running-peer.ts';
import type { BenchRun, Scenario } from '../scenario.ts';

const MANY = 10_000;
const SIZE = 1_024;
/** Loopback has more than one address: three backends, one server. */
const BACKEND_IPS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

interface Round {
  readonly peer: string;
  readonly wrk: WrkResult;
  readonly cpuMicrosPerRequest: number | undefined;
  readonly workerRssBytes: number | undefined;
}

export const clusters: Scenario = {
  name: 'clusters',
  about: `throughput and memory with ${thousands(MANY)} clusters of three backends`,
  peers: [relais],
  async run(run) {
    const { crew, folder, options, peers, say } = run;
    const [port = 0] = await freePorts(1);
    const backends = BACKEND_IPS.map(ip => `${ip}:${port}`);
    await startNginxBackend(crew, path.join(folder, 'backend'), backends, [SIZE]);
    const wish = { backends, path: `/${SIZE}`, body: bodyOf(SIZE) };
    const variants = peers.flatMap(peer => [
      { peer: called(peer, 'one cluster'), moreClusters: 0, host: HOST },
      // The last one that was loaded.
      { peer: called(peer, 'many clusters'), moreClusters: MANY - 1, host: `${MANY - 1}.${HOST}` },
    ]);
    const started: Started[] = [];
    for (const { peer, moreClusters } of variants) {
      say(`starting ${peer.name}`);
      started.push(await startPeer(run, peer, { ...wish, moreClusters }));
    }
    const rounds: Round[] = [];
    for (let number = 1; number <= options.rounds; number++) {
      for (const peer of inTurn(running(started), number)) {
        say(`clusters, round ${number} of ${options.rounds}: ${peer.name}`);
        const host = variants.find(variant => variant.peer.name === peer.name)?.host ?? HOST;
        rounds.push(await measure(run, peer, host));
      }
    }
    const one = speed(rounds, 'relais, one cluster');
    const many = speed(rounds, 'relais, many clusters');
    return {
      scenario: 'clusters',
      conditions: `${thousands(MANY)} clusters × ${backends.length} backends, ${options.connections} keep-alive connections, ${options.rounds} × ${options.seconds} s, ${SIZE} bytes`,
      table: {
        headings: ['peer', 'req/s', 'CPU µs/req', 'worker RSS MiB'],
        rows: running(started).map(({ name }) => cells(rounds, name)),
      },
      notes: [...troubles(started), ...rounds.flatMap(({ wrk }) => wrk.invalid ?? [])],
      verdicts: [
        verdict(
          'throughput ≥ 95 % of one cluster',
          one && many && (many / one) * 100,
          value => value >= 95,
          value => `${value.toFixed(0)} %`,
        ),
        verdict(
          'at most 150 MiB per worker',
          rss(rounds, 'relais, many clusters'),
          value => value <= 150 * 2 ** 20,
          value => `${mebibytes(value)} MiB`,
        ),
      ],
      figures: rounds,
      failed: anyFailed(started),
    };
  },
};

function called(peer: Peer, variant: string): Peer {
  return { ...peer, name: `${peer.name}, ${variant}` };
}

async function measure(
  { crew, options }: BenchRun,
  peer: RunningPeer,
  host: string,
): Promise<Round> {
  const { port, member, name } = peer;
  const load = { port, path: `/${SIZE}`, host, connections: options.connections };
  await runWrk(crew, { ...load, seconds: options.warmUpSeconds });
  const before = await usageOfTree(member.pid);
  const wrk = await runWrk(crew, { ...load, seconds: options.seconds });
  const after = await usageOfTree(member.pid);
  await emptyAccessLog(peer);
  const cpuMicros = before && after && after.cpuMicros - before.cpuMicros;
  return {
    peer: name,
    wrk,
    cpuMicrosPerRequest: cpuMicros && cpuMicros / wrk.requests,
    workerRssBytes: after?.workerRssBytes,
  };
}

function speed(rounds: readonly Round[], peer: string): number | undefined {
  const own = rounds.filter(round => round.peer === peer && round.wrk.invalid === undefined);
  return median(own.map(round => round.wrk.requestsPerSecond));
}

function rss(rounds: readonly Round[], peer: string): number | undefined {
  const own = rounds.filter(round => round.peer === peer);
  return median(own.flatMap(round => round.workerRssBytes ?? []));
}

function cells(rounds: readonly Round[], peer: string): string[] {
  const own = rounds.filter(round => round.peer === peer);
  return [
    peer,
    thousands(speed(rounds, peer) ?? 0),
    decimals(median(own.flatMap(round => round.cpuMicrosPerRequest ?? [])), 1),
    mebibytes(rss(rounds, peer)),
  ];
}
