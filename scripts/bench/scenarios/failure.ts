/** What clients notice when one of three machines goes away, whichever way it goes. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureVerb } from '../../../vms/machine.ts';
import type { Room } from '../../../vms/provider.ts';
import { bestProvider } from '../../../vms/registry.ts';
import type { OpenLoop } from '../load/open-loop.ts';
import { now } from '../load/pacer.ts';
import { isGood, percentile, type Recording, readRecording } from '../load/recording.ts';
import { OPEN_LOOP } from '../load/run-open-loop.ts';
import type { Peer } from '../peer.ts';
import { classicPeers } from '../peers.ts';
import { HOST } from '../ready.ts';
import { decimals, type Verdict, verdict } from '../result.ts';
import { DEFAULT_PLACE } from '../running-peer.ts';
import type { BenchRun, Scenario } from '../scenario.ts';

const PER_SECOND = 500;
const SECONDS = 10;
const FAULT_AFTER_MS = 3_000;
const CONNECT_TIMEOUT_SECONDS = 1;
/** A frozen machine still connects: only its silence tells. */
const BACK_TIMEOUT_SECONDS = 2;
/** Far above what any answer takes while all is well. */
const SLOW_MS = 100;
const VERBS: readonly FailureVerb[] = ['crash', 'power-off', 'blackhole', 'freeze'];
const SUBNET = '192.168.57';
const MACHINES = [21, 22, 23];
const app = path.join(import.meta.dirname, '../backends/machine-app.js');

interface Figure {
  readonly peer: string;
  readonly verb: FailureVerb;
  readonly imitated: boolean;
  readonly requests: number;
  readonly failed: number;
  readonly outcomes: readonly string[];
  readonly longestMs: number;
  readonly slow: number;
  /** Of the requests that were not slow. */
  readonly p99BeforeMs: number;
  readonly p99AfterMs: number;
}

export const failure: Scenario = {
  name: 'failure',
  about: `failed and slow requests when one machine of three dies at ${PER_SECOND} requests per second`,
  peers: classicPeers,
  async run(run) {
    const provider = await bestProvider();
    const folder = path.join(run.folder, 'room');
    const room = await provider.open({ folder, subnet: SUBNET, label: 'bench' });
    const close = (): void => void room.close().catch(() => undefined);
    run.crew.dismissed.addEventListener('abort', close);
    const notes: string[] = [];
    const figures: Figure[] = [];
    try {
      for (const host of MACHINES) await room.up(machine(host));
      for (const peer of run.peers) {
        const file = await peer.locate();
        if (file === undefined) notes.push(`${peer.name} is missing: ${peer.remedy}`);
        else for (const verb of VERBS) figures.push(await measure(run, room, peer, file, verb));
      }
    } finally {
      run.crew.dismissed.removeEventListener('abort', close);
      await room.close();
    }
    return {
      scenario: 'failure',
      conditions:
        `machines are ${provider.name}, open loop, ${PER_SECOND} requests per second for ${SECONDS} s, the fault after 3 s; ` +
        `connect timeout ${CONNECT_TIMEOUT_SECONDS} s, back timeout ${BACK_TIMEOUT_SECONDS} s, no active health checks`,
      table: { headings, rows: figures.map(cells) },
      notes,
      verdicts: VERBS.flatMap(verb => judge(figures, verb)),
      figures,
      failed: false,
    };
  },
};

function machine(host: number) {
  return {
    ...{ name: `m${host}`, ip: `${SUBNET}.${host}`, port: 8080, forwardedPort: 0 },
    app: { file: app, version: 'v1', env: { MACHINE: `m${host}` } },
  };
}

async function measure(
  run: BenchRun,
  room: Room,
  peer: Peer,
  file: string,
  verb: FailureVerb,
): Promise<Figure> {
  run.say(`${verb}: ${peer.name}`);
  const folder = path.join(run.folder, `${peer.name}-${verb}`);
  await mkdir(folder);
  const port = 8000 + VERBS.indexOf(verb);
  const backends = (await room.status()).map(status => status.address);
  const program = await peer.prepare(file, {
    ...DEFAULT_PLACE,
    ...{ folder, backends, address: `${room.hubAddress}:${port}`, accessLog: undefined },
    connectTimeoutSeconds: CONNECT_TIMEOUT_SECONDS,
    backTimeoutSeconds: BACK_TIMEOUT_SECONDS,
  });
  const victim = `m${MACHINES[1]}`;
  const name = `${peer.name}-${verb}`;
  await room.spawnHub({ name, ...program, sockets: [] });
  try {
    await load(room, folder, port, 1);
    const loaded = load(room, folder, port, SECONDS);
    // Awaited below; until then its failure is nobody's.
    loaded.catch(() => undefined);
    await sleep(FAULT_AFTER_MS);
    const failedAt = now();
    const { kind } = await room.fail(victim, verb);
    const recording = await loaded;
    return {
      peer: peer.name,
      verb,
      imitated: kind === 'imitated',
      ...judgeRecording(recording, failedAt),
    };
  } finally {
    await room.stopHub(name, 1_000);
    await room.heal(victim);
  }
}

async function load(room: Room, folder: string, port: number, seconds: number): Promise<Recording> {
  const recordingFile = path.join(folder, 'recording.json');
  const options: OpenLoop = {
    ...{ host: room.hubAddress, port, hostField: HOST, path: '/', perSecond: PER_SECOND },
    ...{ seconds, patienceMs: 15_000, recordingFile },
  };
  const argv = [process.execPath, OPEN_LOOP, JSON.stringify(options)];
  const { exitCode, stderr } = await room.execHub(argv, { timeoutMs: seconds * 1000 + 30_000 });
  if (exitCode !== 0) throw new Error(`the load failed with ${exitCode}: ${stderr}`);
  return readRecording(recordingFile);
}

function judgeRecording({ startedAt, samples }: Recording, failedAt: number) {
  const faultAt = failedAt - startedAt;
  const before = samples.filter(sample => sample.at + sample.ms < faultAt);
  const during = samples.filter(sample => sample.at + sample.ms >= faultAt);
  const bad = samples.filter(sample => !isGood(sample));
  const times = during.map(sample => sample.ms);
  return {
    requests: samples.length,
    failed: bad.length,
    outcomes: [...new Set(bad.map(sample => sample.outcome))],
    longestMs: Math.max(...times),
    slow: times.filter(ms => ms > SLOW_MS).length,
    p99BeforeMs: percentile(
      before.map(sample => sample.ms).filter(ms => ms <= SLOW_MS),
      99,
    ),
    p99AfterMs: percentile(
      times.filter(ms => ms <= SLOW_MS),
      99,
    ),
  };
}

const headings = [
  ...['peer', 'machine', 'requests', 'failed', 'longest ms', `> ${SLOW_MS} ms`],
  ...['p99 before', 'p99 of the others'],
];

function cells(figure: Figure): string[] {
  const { failed, outcomes } = figure;
  return [
    figure.peer,
    `${figure.verb}${figure.imitated ? ' (imitated)' : ''}`,
    String(figure.requests),
    failed === 0 ? '0' : `${failed} (${outcomes.join(', ')})`,
    figure.longestMs.toFixed(0),
    String(figure.slow),
    decimals(figure.p99BeforeMs, 2),
    decimals(figure.p99AfterMs, 2),
  ];
}

function judge(figures: readonly Figure[], verb: FailureVerb): Verdict[] {
  const figure = figures.find(each => each.peer === 'relais' && each.verb === verb);
  const isFrozen = verb === 'freeze';
  const timeout = isFrozen ? BACK_TIMEOUT_SECONDS : CONNECT_TIMEOUT_SECONDS;
  const most = timeout * 1000 + 100;
  const show = (value: number): string => `${value.toFixed(0)} ms`;
  return [
    verdict(`${verb}: no request fails`, figure?.failed, value => value === 0, String),
    verdict(
      `${verb}: no request takes longer than the ${isFrozen ? 'back' : 'connect'} timeout and 100 ms`,
      figure?.longestMs,
      value => value <= most,
      show,
    ),
    verdict(
      `${verb}: p99 of the others grows by at most 1 ms`,
      figure && figure.p99AfterMs - figure.p99BeforeMs,
      value => value <= 1,
      value => `${value.toFixed(2)} ms`,
    ),
  ];
}
