/** Workers die: one, all at once, and while everything changes. */
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';
import { changeSomething } from './changes.ts';

export const workerFaults: readonly Fault[] = [
  {
    name: 'worker-kill',
    about: 'SIGKILL to one worker',
    times: 20,
    shortTimes: 2,
    strike: killOldest,
  },
  {
    name: 'all-workers-kill',
    about: 'SIGKILL to all workers at once',
    times: 5,
    shortTimes: 1,
    async strike(stage) {
      const pids = await stage.proxy.workerPids();
      await Promise.all(pids.map(pid => stage.killWorker(pid)));
      await stage.proxy.fullStrength(pids);
    },
  },
  {
    name: 'worker-hang',
    about: 'SIGSTOP to one worker, until it is found and replaced',
    times: 3,
    shortTimes: 1,
    // A worker that only has no core for a while must not be taken for one that hangs.
    settings: 'worker_timeout = 4',
    async strike(stage) {
      const [oldest = 0] = await stage.proxy.workerPids();
      await stage.freezeWorker(oldest);
      await stage.proxy.fullStrength([oldest]);
    },
  },
  {
    name: 'kill-in-changes',
    about: 'SIGKILL to one worker while backends, weights and frontends change',
    times: 10,
    shortTimes: 1,
    async strike(stage, round) {
      const ended = new AbortController();
      const changing = changeUntil(stage, round, ended.signal);
      await killOldest(stage).finally(() => ended.abort());
      await changing;
    },
  },
];

/** The one that has lived longest: a worker that dies young is started again later and later. */
async function killOldest(stage: Stage): Promise<void> {
  const [oldest] = await stage.proxy.workerPids();
  if (oldest === undefined) throw new Error('no worker serves');
  await stage.killWorker(oldest);
  await stage.proxy.fullStrength([oldest]);
}

async function changeUntil(stage: Stage, round: number, ended: AbortSignal): Promise<void> {
  for (let n = 0; !ended.aborted; n++) {
    await changeSomething(stage, round * 1_000 + n);
    await stage.wait(5);
  }
}
