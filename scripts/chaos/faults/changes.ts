/** Changes of the configuration, one after another, that no request may notice. */
import type { ProxyRequest } from '../../../proxy/index.ts';
import type { Fault } from '../fault.ts';
import { CLUSTER } from '../proxy.ts';
import type { Stage } from '../stage.ts';

/** Long enough for many a request to begin and to end meanwhile. */
const REMOVED_MS = 10;
/** On a busy computer no request ends so soon. */
const LONG_MS = 800;
const LONG_EVERY = 25;
const POLICIES = ['round-robin', 'random', 'least-connections', 'peak-ewma', 'maglev'] as const;

export const changeFaults: readonly Fault[] = [
  {
    name: 'add-remove',
    about: 'a backend is removed and added again',
    times: 1_000,
    shortTimes: 50,
    strike: (stage, round) =>
      stage.remove('b3', CLUSTER, round % LONG_EVERY === 0 ? LONG_MS : REMOVED_MS),
  },
  {
    name: 'other-changes',
    about: 'weights, policies, settings, clusters, frontends change',
    times: 200,
    shortTimes: 20,
    strike: changeSomething,
  },
];

/** Ends as it began: the cluster of the load can answer before, while and after. */
export async function changeSomething(stage: Stage, round: number): Promise<void> {
  const { proxy, backends } = stage;
  switch (round % 5) {
    case 0:
      return proxy.change({
        kind: 'set-weight',
        clusterId: CLUSTER,
        backendId: 'b1',
        address: backends.addressOf('b1'),
        weight: (round * 37) % 200,
      });
    case 1:
      return proxy.change(withPolicy(round));
    case 2:
      return proxy.change({
        kind: 'configure',
        settings: {
          maxConnections: 10_000 + round,
          accessLog: { target: { file: `${proxy.folder}/access.log` }, format: 'json' },
        },
      });
    case 3:
      return stage.remove('b3', CLUSTER, REMOVED_MS);
    default:
      return addAndRemoveHost(stage, round);
  }
}

function withPolicy(round: number): ProxyRequest {
  const loadBalancing = POLICIES[round % POLICIES.length] ?? 'random';
  return { kind: 'add-cluster', cluster: { id: CLUSTER, loadBalancing, answers: {} } };
}

async function addAndRemoveHost({ proxy }: Stage, round: number): Promise<void> {
  const clusterId = `other-${round}`;
  const frontend = {
    listener: proxy.listener,
    hostname: `${clusterId}.test`,
    path: '',
    clusterId,
  };
  const cluster = { id: clusterId, loadBalancing: 'random', answers: {} } as const;
  await proxy.change({ kind: 'add-cluster', cluster });
  await proxy.change({ kind: 'add-frontend', frontend });
  await proxy.change({ kind: 'remove-frontend', frontend });
  await proxy.change({ kind: 'remove-cluster', clusterId });
}
