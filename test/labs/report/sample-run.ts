/** A run as a lab would record it: two visitors, three machines, three failures, then v2. */
import type { HistoryRecord, MachineRecord, RequestRecord } from '../../../labs/harness/history.ts';
import type { RunResult, StepResult } from '../../../labs/harness/result.ts';
import { t } from '../../../labs/harness/text.ts';

export const sampleSteps: readonly StepResult[] = [
  {
    id: 'three-answer',
    title: t('Three machines answer', 'Trois machines répondent'),
    say: t(
      'Three machines serve one site. Open `http://localhost:9090` in two browsers: each new connection goes to the next machine.',
      'Trois machines servent un seul site. Ouvre `http://localhost:9090` dans deux navigateurs : chaque nouvelle connexion va à la machine suivante.',
    ),
    commands: ['lab up webapp1 webapp2 webapp3'],
    outputs: [''],
    startedAt: 400,
    durationMs: 3_600,
    checks: [
      {
        id: 'every-machine-serves',
        claim: t('Every machine answers', 'Chaque machine répond'),
        source: 'history',
        verdict: { kind: 'pass', because: 'webapp1, webapp2, webapp3 answered in 0.9 s' },
        durationMs: 912,
      },
      {
        id: 'browsers-differ',
        claim: t('Two browsers show two machines', 'Deux navigateurs montrent deux machines'),
        source: 'browser',
        verdict: { kind: 'pass', because: 'webapp1 and webapp2' },
        durationMs: 1_204,
      },
    ],
    shots: [
      {
        id: 'alice',
        alt: t('Alice sees one machine', 'Alice voit une machine'),
        file: 'shots/three-answer.alice.png',
      },
      {
        id: 'bob',
        alt: t('Bob sees another', 'Bob en voit une autre'),
        file: 'shots/three-answer.bob.png',
      },
    ],
  },
  {
    id: 'two-leave',
    title: t('Two machines leave the network', 'Deux machines quittent le réseau'),
    say: t('Power off two machines.', 'Éteins deux machines.'),
    commands: ['lab down webapp1 --how power-off', 'lab down webapp2 --how blackhole'],
    outputs: ['', ''],
    startedAt: 4_000,
    durationMs: 9_000,
    checks: [
      {
        id: 'nobody-notices',
        claim: t('No visitor saw a failure', 'Aucun visiteur n’a vu d’échec'),
        source: 'invariant',
        verdict: { kind: 'fail', because: 'bob #61 at 12.20 s: status 503' },
        durationMs: 9_000,
      },
      {
        id: 'breaker-opens',
        claim: t('The breaker of `webapp1` opens', 'Le disjoncteur de `webapp1` s’ouvre'),
        source: 'history',
        verdict: { kind: 'unknown', because: 'the proxy told nothing about webapp1' },
        durationMs: 5_000,
      },
    ],
    shots: [],
  },
  {
    id: 'v2-arrives',
    title: t('Version 2 arrives', 'La version 2 arrive'),
    say: t('Add v2, take v1 away.', 'Ajoute la v2, retire la v1.'),
    commands: ['relais backend add --id webapp --address 192.168.56.31:8080'],
    outputs: [''],
    startedAt: 13_000,
    durationMs: 7_000,
    checks: [
      {
        id: 'only-v2',
        claim: t('Only v2 answers', 'Seule la v2 répond'),
        source: 'history',
        verdict: { kind: 'pass', because: '12 requests, all v2' },
        durationMs: 2_000,
      },
    ],
    shots: [],
  },
];

export const sampleResult: RunResult = {
  schema: 1,
  lab: 'circuit-breaker',
  title: t('The circuit breaker', 'Le disjoncteur'),
  language: 'en',
  provider: 'netns',
  imitations: {},
  browser: { found: true, name: 'Chromium 156.0.8078.79' },
  startedAt: '2026-01-31T10:15:00.000Z',
  durationMs: 20_400,
  environment: { relais: '0.1.0', node: 'v20.20.2', platform: 'linux x64', seed: 42, instance: 0 },
  requests: { total: 0, failed: 0 },
  verdict: { kind: 'fail', because: 'bob #61 at 12.20 s: status 503' },
  interrupted: false,
  steps: sampleSteps,
};

const v1 = ['webapp1', 'webapp2', 'webapp3'];
const v2 = ['webapp-new1'];

/** Requests of two visitors every 200 ms, in turn on the machines that answer at that moment. */
export function sampleHistory(everyMs = 200, endMs = 20_000): readonly HistoryRecord[] {
  const requests = ['alice', 'bob'].flatMap(visitor =>
    Array.from({ length: Math.floor((endMs - 1_000) / everyMs) }, (_, index) =>
      request(visitor, index + 1, 1_000 + index * everyMs + (visitor === 'bob' ? everyMs / 2 : 0)),
    ),
  );
  return [...requests, ...story].sort((a, b) => a.at - b.at);
}

function request(visitor: string, number: number, startedAt: number): RequestRecord {
  const server = answering(startedAt, number);
  const waited = number % 40 === 25 ? 3_060 : 1.5 + (number % 7) / 3;
  return {
    kind: 'request',
    visitor,
    keepAlive: visitor === 'bob',
    number,
    startedAt,
    durationMs: waited,
    at: startedAt + waited,
    ...(server === undefined
      ? number % 2 === 0
        ? { status: 503 }
        : { error: 'ECONNRESET' }
      : { status: 200, machine: server, version: server.includes('new') ? 'v2' : 'v1' }),
  };
}

function answering(at: number, number: number): string | undefined {
  if (at < 5_000) return v1[number % 3];
  if (at < 12_000) return 'webapp3';
  if (at < 13_000) return undefined;
  return at < 15_000 ? ['webapp3', ...v2][number % 2] : v2[0];
}

function machine(
  name: string,
  at: number,
  state: MachineRecord['state'],
  failures: MachineRecord['failures'] = [],
): MachineRecord {
  const last = name === 'webapp-new1' ? '31' : `2${name.slice(-1)}`;
  const address = `192.168.56.${last}:8080`;
  return { kind: 'machine', at, machine: name, state, failures, address, version: 'v1' };
}

const backend = { clusterId: 'webapp', backendId: 'webapp1', address: '192.168.56.21:8080' };

const story: readonly HistoryRecord[] = [
  ...sampleSteps.flatMap(({ id, startedAt, durationMs }) => [
    { kind: 'step', at: startedAt, step: id, phase: 'start' } as const,
    { kind: 'step', at: startedAt + durationMs, step: id, phase: 'end' } as const,
  ]),
  ...v1.map(name => machine(name, 300, 'running')),
  ...v2.map(name => machine(name, 300, 'not-created')),
  {
    kind: 'action',
    at: 410,
    step: 'three-answer',
    phase: 'start',
    command: 'lab up webapp1 webapp2 webapp3',
  },
  {
    kind: 'action',
    at: 800,
    step: 'three-answer',
    phase: 'end',
    command: 'lab up webapp1 webapp2 webapp3',
  },
  {
    kind: 'page',
    at: 2_000,
    visitor: 'alice',
    url: 'http://localhost:9090/',
    status: 200,
    reason: 'OK',
    text: '👋 I am brave-red-fox-7',
    machine: 'webapp1',
    version: 'v1',
    shot: 'shots/three-answer.alice.png',
  },
  {
    kind: 'page',
    at: 2_100,
    visitor: 'bob',
    url: 'http://localhost:9090/',
    status: 200,
    reason: 'OK',
    text: '👋 I am calm-blue-owl-3',
    machine: 'webapp2',
    version: 'v1',
    shot: 'shots/three-answer.bob.png',
  },
  {
    kind: 'action',
    at: 5_000,
    step: 'two-leave',
    phase: 'start',
    command: 'lab down webapp1 --how power-off',
  },
  machine('webapp1', 5_020, 'poweroff', ['power-off']),
  {
    kind: 'action',
    at: 5_100,
    step: 'two-leave',
    phase: 'end',
    command: 'lab down webapp1 --how power-off',
  },
  {
    kind: 'action',
    at: 5_150,
    step: 'two-leave',
    phase: 'start',
    command: 'lab down webapp2 --how blackhole',
  },
  machine('webapp2', 5_200, 'running', ['blackhole']),
  {
    kind: 'action',
    at: 5_250,
    step: 'two-leave',
    phase: 'end',
    command: 'lab down webapp2 --how blackhole',
  },
  ...connects(),
  {
    kind: 'proxy-event',
    at: 8_150,
    event: {
      seq: 1,
      time: '2026-01-31T10:15:08.150Z',
      kind: 'connect-failed',
      ...backend,
      failure: 'unreachable',
      durationMs: 3_061,
    },
  },
  {
    kind: 'proxy-event',
    at: 8_151,
    event: {
      seq: 2,
      time: '2026-01-31T10:15:08.151Z',
      kind: 'breaker-opened',
      ...backend,
      workerId: 1,
      cause: '3 connects failed in a row',
    },
  },
  machine('webapp3', 12_000, 'running', ['crash']),
  machine('webapp3', 13_000, 'running'),
  {
    kind: 'action',
    at: 13_100,
    step: 'v2-arrives',
    phase: 'start',
    command: 'relais backend add --id webapp --address 192.168.56.31:8080',
  },
  machine('webapp-new1', 13_150, 'running'),
  {
    kind: 'action',
    at: 13_160,
    step: 'v2-arrives',
    phase: 'end',
    command: 'relais backend add --id webapp --address 192.168.56.31:8080',
  },
];

function connects(): readonly HistoryRecord[] {
  return [
    {
      kind: 'connect',
      at: 9_000,
      machine: 'webapp3',
      address: '192.168.56.23:8080',
      outcome: 'refused',
      durationMs: 0.21,
      failure: 'crash',
    },
    {
      kind: 'connect',
      at: 9_000,
      machine: 'webapp1',
      address: '192.168.56.21:8080',
      outcome: 'unreachable',
      durationMs: 3_058.4,
      failure: 'power-off',
    },
    {
      kind: 'connect',
      at: 9_000,
      machine: 'webapp2',
      address: '192.168.56.22:8080',
      outcome: 'silent',
      durationMs: 8_001.2,
      failure: 'blackhole',
    },
  ];
}
