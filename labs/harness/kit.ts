/** The words that a lab's steps are written with; each gives an Action or a Probe as data. */
import { CLUSTER } from './commands.ts';
import type { AppRef } from './lab.ts';
import type { Expect, Kit, ProxyWords } from './words.ts';

/** The sample app in one of its versions. */
export function hello(version: AppRef['version']): AppRef {
  return { app: 'hello', version };
}

export function createKit<M extends string, V extends string = string>(): Kit<M, V> {
  return {
    machines: {
      up: (...machines) => ({ kind: 'machine-up', machines }),
      down: (machine, how) => ({ kind: 'machine-down', machine, how }),
      heal: machine => ({ kind: 'machine-heal', machine }),
      deploy: (machine, version) => ({ kind: 'machine-deploy', machine, version }),
      knobs: (machine, knobs) => ({ kind: 'machine-knobs', machine, knobs }),
      measure: (...machines) => ({ kind: 'measure', machines }),
    },
    proxy: proxyWords(),
    shell: (words, { replayed = true } = {}) => ({ kind: 'shell', words, replayed }),
    addressOf: machine => ({ addressOf: machine }),
    outsideOf: machine => ({ addressOf: machine, from: 'outside' }),
    expect: expectWords(),
  };
}

function proxyWords<M extends string>(): ProxyWords<M> {
  const relais: ProxyWords<M>['relais'] = (words, { replayed = true } = {}) => ({
    kind: 'relais',
    words,
    replayed,
  });
  const named = (machine: M) => ['--id', CLUSTER, '--address', { addressOf: machine }] as const;
  return {
    add: machine => ({ kind: 'backend-add', machine }),
    remove: machine => ({ kind: 'backend-remove', machine }),
    weight: (machine, weight) => ({ kind: 'backend-weight', machine, weight }),
    drain: machine => relais(['backend', 'drain', ...named(machine)]),
    ready: machine => relais(['backend', 'ready', ...named(machine)]),
    relais,
  };
}

function expectWords<M extends string, V extends string>(): Expect<M, V> {
  return {
    served: (by, ...machines) => ({ kind: 'served', by, machines }),
    status: code => ({ kind: 'status', code }),
    noFailedRequest: () => ({ kind: 'no-failed-request' }),
    breaker: (state, machine) => ({ kind: 'breaker', state, machine }),
    backends: (...machines) => ({ kind: 'backends', machines }),
    connect: (machine, ...outcomes) => ({ kind: 'connect', machine, outcomes }),
    proxyNeverRestarted: () => ({ kind: 'proxy-never-restarted' }),
    direct: machine => ({ kind: 'direct', machine }),
    pagesDiffer: atLeast => ({ kind: 'pages-differ', atLeast }),
    page: shows => ({ kind: 'page', ...shows }),
    secondProxy: (version, percent, requests = 10) => ({
      kind: 'second-proxy',
      version,
      percent,
      requests,
    }),
    addressMistake: () => ({ kind: 'address-mistake' }),
    amplification: bounds => ({ kind: 'amplification', ...bounds }),
    share: (of, { percent, tolerance = 0, requests = 100, among }) => ({
      kind: 'share',
      of,
      percent,
      tolerance,
      requests,
      ...(among === undefined ? {} : { among }),
    }),
    engagement: (version, { than, visitors, times = 2, visits = 30 }) => ({
      kind: 'engagement',
      version,
      than,
      times,
      visitors,
      visits,
    }),
    machine: (machine, look) => ({ kind: 'machine', machine, look }),
    backend: (machine, look) => ({ kind: 'backend', machine, look }),
    countdown: (machine, atLeast = 1) => ({ kind: 'countdown', machine, atLeast }),
    event: (event, { machine, atLeast = 1 } = {}) => ({
      kind: 'event',
      event,
      atLeast,
      ...(machine === undefined ? {} : { machine }),
    }),
    sees: (visitor, look, requests = 3) => ({ kind: 'sees', visitor, look, requests }),
    sticky: (visitor, requests = 5) => ({ kind: 'sticky', visitor, requests }),
    answered: (code, atLeast = 1) => ({ kind: 'answered', code, atLeast }),
    waited: wait => ({ kind: 'waited', ...wait }),
    logged: (source, text, atLeast = 1) => ({ kind: 'logged', source, text, atLeast }),
    notLogged: (source, text, lines = 10) => ({ kind: 'not-logged', source, text, lines }),
    clients: bounds => ({ kind: 'clients', ...bounds }),
    memory: growsAtMostMiB => ({ kind: 'memory', growsAtMostMiB }),
    stopped: how => ({ kind: 'stopped', how }),
    cut: (atLeast = 1) => ({ kind: 'cut', atLeast }),
    logTook: (source, { lines = 3, ...took }) => ({ kind: 'log-took', source, lines, ...took }),
    traced: (visitor, by, ...sources) => ({ kind: 'traced', visitor, by, sources, requests: 3 }),
    processes: are => ({ kind: 'processes', are }),
    file: says => ({ kind: 'file', says }),
  };
}
