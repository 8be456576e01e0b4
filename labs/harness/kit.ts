/** The words that a lab's steps are written with; each gives an Action or a Probe as data. */
import type { AppRef, Kit } from './lab.ts';

/** The sample app in one of its versions. */
export function hello(version: AppRef['version']): AppRef {
  return { app: 'hello', version };
}

export function createKit<M extends string>(): Kit<M> {
  return {
    machines: {
      up: (...machines) => ({ kind: 'machine-up', machines }),
      down: (machine, how) => ({ kind: 'machine-down', machine, how }),
      heal: machine => ({ kind: 'machine-heal', machine }),
      measure: (...machines) => ({ kind: 'measure', machines }),
    },
    proxy: {
      add: machine => ({ kind: 'backend-add', machine }),
      remove: machine => ({ kind: 'backend-remove', machine }),
    },
    expect: {
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
      addressMistake: () => ({ kind: 'address-mistake' }),
    },
  };
}
