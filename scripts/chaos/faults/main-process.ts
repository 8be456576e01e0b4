/** The main process stands still, dies, or is replaced: the workers serve on. */
import type { Reply, StatusContent } from '../../../proxy/index.ts';
import type { Fault } from '../fault.ts';
import { freeze, isGone, killed, send, until } from '../processes.ts';
import { type ChaosProxy, CLUSTER } from '../proxy.ts';
import type { Stage } from '../stage.ts';
import { changeSomething } from './changes.ts';
import { DEADLINE_MS, firstNewProcess, MOMENTS_MS } from './upgrades.ts';

const STILL_MS = 2_000;
/** Without a main process. */
const ALONE_MS = 500;
const CHANGES = 20;
const TAKE_OVER_MS = 60_000;

export const mainFaults: readonly Fault[] = [
  {
    name: 'main-stop',
    about: `SIGSTOP to the main process for ${STILL_MS / 1000} s`,
    times: 3,
    shortTimes: 1,
    async strike({ proxy, wait }) {
      const { pid } = await proxy.status();
      await freeze(pid);
      await wait(STILL_MS).finally(() => send(pid, 'SIGCONT'));
      await proxy.fullStrength();
    },
  },
  {
    name: 'main-kill',
    about: 'SIGKILL to the main process, and a start',
    times: 5,
    shortTimes: 1,
    async strike({ proxy, problems, wait }) {
      const status = await proxy.status();
      const orphans = await killMain(proxy, status);
      await wait(ALONE_MS);
      await proxy.start();
      await finished(orphans);
      if ((await proxy.status()).stateHash !== status.stateHash) {
        problems.push('after the start the state is another one');
      }
    },
  },
  {
    name: 'save-kill',
    about: 'SIGKILL to the main process while it saves its state, and a start',
    times: 10,
    shortTimes: 1,
    settings: 'saved_state = "./saved"\nautomatic_state_save = true',
    strike: killWhileSaving,
  },
  {
    name: 'main-upgrade',
    about: 'the main process is upgraded, and its workers with it',
    times: 5,
    shortTimes: 1,
    async strike({ proxy, problems }) {
      const { pid, stateHash } = await proxy.status();
      await proxy.change({ kind: 'upgrade-main', deadlineMs: DEADLINE_MS });
      proxy.hangUp();
      await proxy.fullStrength();
      const after = await proxy.status();
      if (after.pid === pid) problems.push('the main process is the old one');
      if (after.stateHash !== stateHash) problems.push('the new main process has another state');
    },
  },
  {
    name: 'main-upgrade-kill',
    about: 'SIGKILL to the new main process of an upgrade',
    times: 8,
    shortTimes: 1,
    strike: killNewMain,
  },
];

/** Resolves with the workers that it leaves behind. */
async function killMain(proxy: ChaosProxy, { pid, workers }: StatusContent): Promise<number[]> {
  proxy.hangUp();
  await killed(pid);
  return workers.map(worker => worker.pid);
}

/**
 * Each start takes over completely before the next kill: a client that is on its way from an old
 * worker to a new one is in the hands of the main process between them.
 */
function finished(orphans: readonly number[]): Promise<void> {
  return until(
    'the old workers have finished',
    async () => (await Promise.all(orphans.map(isGone))).every(Boolean),
    TAKE_OVER_MS,
  );
}

/** Weights that a start finds are of changes that were made one after the other, up to some moment. */
async function killWhileSaving(stage: Stage, round: number): Promise<void> {
  const { proxy, backends, problems, wait } = stage;
  const status = await proxy.status();
  const before = await weights(proxy);
  const changing = changeAll(stage, round);
  await wait(MOMENTS_MS[round % MOMENTS_MS.length] ?? 0);
  const orphans = await killMain(proxy, status);
  await changing;
  await proxy.start();
  await finished(orphans);
  const after = await weights(proxy);
  const possible = [before.get('b1'), ...Array.from({ length: CHANGES }, (_, n) => n + round)];
  if (!possible.includes(after.get('b1'))) problems.push(`b1 has the weight ${after.get('b1')}`);
  if (after.size !== Object.keys(backends.addresses).length) {
    problems.push(`${after.size} backends are left`);
  }
}

async function changeAll({ proxy, backends }: Stage, round: number): Promise<void> {
  const address = backends.addressOf('b1');
  for (let n = 0; n < CHANGES; n++) {
    const request = { kind: 'set-weight', clusterId: CLUSTER, backendId: 'b1', address } as const;
    // From some moment on there is nobody who would answer.
    const reply = await proxy.send({ ...request, weight: n + round }).catch(() => undefined);
    if (reply === undefined) return;
  }
}

async function weights(proxy: ChaosProxy): Promise<ReadonlyMap<string, number | undefined>> {
  const { content } = await proxy.send({ kind: 'dump-state' });
  const added = (content?.requests ?? []).flatMap(each =>
    each.kind === 'add-backend' && each.backend.clusterId === CLUSTER ? [each.backend] : [],
  );
  return new Map(added.map(({ backendId, weight }) => [backendId, weight]));
}

/** Before it has taken over, nothing has changed; later it is a main process like another. */
async function killNewMain(stage: Stage, round: number): Promise<void> {
  const { proxy, wait } = stage;
  await changeSomething(stage, round);
  const before = await proxy.left();
  const upgraded: Promise<Reply | Error> = proxy
    .send({ kind: 'upgrade-main', deadlineMs: DEADLINE_MS })
    .catch((error: Error) => error);
  const fresh = await firstNewProcess(proxy, before);
  await wait((MOMENTS_MS[round % MOMENTS_MS.length] ?? 0) * 3);
  await killed(fresh);
  await upgraded;
  proxy.hangUp();
  const { pid } = await proxy.status().catch(() => ({ pid: fresh }));
  if (await isGone(pid)) await proxy.start();
  await proxy.fullStrength();
}
