/** Many changes as one: all of them, or none when one is wrong. */
import { now } from '../../bench/load/pacer.ts';
import type { Fault } from '../fault.ts';
import { CLUSTER } from '../proxy.ts';
import type { Stage } from '../stage.ts';

const REMOVED_MS = 10;
const WRONG_EVERY = 4;

export const transactionFaults: readonly Fault[] = [
  {
    name: 'transactions',
    about: `backend, weight, cluster and frontend change as one; each ${WRONG_EVERY}th is refused`,
    times: 200,
    shortTimes: 8,
    strike: (stage, round) =>
      round % WRONG_EVERY === WRONG_EVERY - 1 ? refused(stage) : thereAndBack(stage, round),
  },
];

async function thereAndBack({ proxy, backends, absences, wait }: Stage, round: number) {
  const clusterId = `other-${round}`;
  const { listener } = proxy;
  const frontend = { listener, hostname: `${clusterId}.test`, path: '', clusterId };
  const weighed = { clusterId: CLUSTER, address: backends.addressOf('b1') };
  const moved = { clusterId: CLUSTER, address: backends.addressOf('b3') };
  await proxy.change({
    kind: 'transaction',
    requests: [
      { kind: 'remove-backend', ...moved },
      { kind: 'set-weight', ...weighed, weight: 10 },
      { kind: 'add-cluster', cluster: { id: clusterId, loadBalancing: 'random', answers: {} } },
      { kind: 'add-backend', backend: { ...moved, clusterId } },
      { kind: 'add-frontend', frontend },
    ],
  });
  const from = now();
  await wait(REMOVED_MS);
  absences.push({ backend: 'b3', from, until: now() });
  await proxy.change({
    kind: 'transaction',
    requests: [
      { kind: 'remove-frontend', frontend },
      { kind: 'remove-cluster', clusterId },
      { kind: 'set-weight', ...weighed, weight: 100 },
      { kind: 'add-backend', backend: { ...moved, backendId: 'b3' } },
    ],
  });
}

/** It would take all backends away, were its last change not wrong. */
async function refused({ proxy, backends, problems }: Stage): Promise<void> {
  const { stateHash } = await proxy.status();
  const removals = Object.values(backends.addresses).map(
    address => ({ kind: 'remove-backend', clusterId: CLUSTER, address }) as const,
  );
  const reply = await proxy.send({
    kind: 'transaction',
    requests: [...removals, { kind: 'remove-cluster', clusterId: 'nobody' }],
  });
  if (reply.status === 'ok') problems.push('a transaction with a wrong change was done');
  if ((await proxy.status()).stateHash !== stateHash) {
    problems.push('a transaction was refused and has changed something');
  }
}
