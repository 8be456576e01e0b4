/** New workers take the place of old ones, and somebody dies meanwhile. */
import type { Reply } from '../../../proxy/index.ts';
import type { Fault } from '../fault.ts';
import { until } from '../processes.ts';
import type { ChaosProxy } from '../proxy.ts';
import type { Stage } from '../stage.ts';

/** Longer than anything of the load lasts: whoever is cut by it has failed. */
export const DEADLINE_MS = 25_000;
/** Processes are killed at other moments each time. */
export const MOMENTS_MS: readonly number[] = [0, 40, 120, 10, 80, 200, 20, 300];

export const upgradeFaults: readonly Fault[] = [
  {
    name: 'worker-upgrade',
    about: 'one worker is upgraded',
    times: 20,
    shortTimes: 2,
    async strike({ proxy }) {
      const [oldest = 0] = await proxy.workerIds();
      await proxy.change({ kind: 'upgrade-worker', workerId: oldest, deadlineMs: DEADLINE_MS });
    },
  },
  {
    name: 'all-workers-upgrade',
    about: 'all workers are upgraded',
    times: 5,
    shortTimes: 1,
    strike: ({ proxy }) => proxy.change({ kind: 'upgrade-workers', deadlineMs: DEADLINE_MS }),
  },
  {
    name: 'upgrade-new-kill',
    about: 'SIGKILL to the new worker of an upgrade',
    times: 8,
    shortTimes: 1,
    strike: (stage, round) => killInUpgrade(stage, round, 'new'),
  },
  {
    name: 'upgrade-old-kill',
    about: 'SIGKILL to the old worker of an upgrade',
    times: 8,
    shortTimes: 1,
    strike: (stage, round) => killInUpgrade(stage, round, 'old'),
  },
  {
    name: 'upgrade-other-kill',
    about: 'SIGKILL to the other worker while one is upgraded',
    times: 8,
    shortTimes: 1,
    strike: (stage, round) => killInUpgrade(stage, round, 'other'),
  },
];

/** The upgrade may fail or not; either way as many workers serve as before. */
async function killInUpgrade(
  stage: Stage,
  round: number,
  who: 'new' | 'old' | 'other',
): Promise<void> {
  const { proxy, wait } = stage;
  const [workerId = 0] = await proxy.workerIds();
  const [old = 0, other = 0] = await proxy.workerPids();
  const before = await proxy.left();
  const upgraded: Promise<Reply | Error> = proxy
    .send({ kind: 'upgrade-worker', workerId, deadlineMs: DEADLINE_MS })
    .catch((error: Error) => error);
  const fresh = await firstNewProcess(proxy, before);
  await wait(MOMENTS_MS[round % MOMENTS_MS.length] ?? 0);
  const victim = { new: fresh, old, other }[who];
  await stage.killWorker(victim);
  const reply = await upgraded;
  // Without an answer the main process is stuck or gone, and that is no way to fail.
  if (reply instanceof Error) throw reply;
  await proxy.fullStrength([victim]);
}

export async function firstNewProcess(
  proxy: ChaosProxy,
  before: readonly number[],
): Promise<number> {
  let found: number | undefined;
  await until('a new worker begins', async () => {
    found = (await proxy.left()).find(pid => !before.includes(pid));
    return found !== undefined;
  });
  return found ?? 0;
}
