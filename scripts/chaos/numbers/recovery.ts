/** How long it takes until everything is there again after a process was killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../../bench/load/pacer.ts';
import { type Verdict, verdict } from '../../bench/result.ts';
import { isGone, killed, until } from '../processes.ts';
import type { ChaosProxy } from '../proxy.ts';
import { milliseconds, most, type NumbersRun, withProxy } from './numbers-run.ts';

const WORKER_MS = 500;
const CONTROL_MS = 2_000;
const ROUNDS = 5;
/** A worker that dies younger than this is started again later: that is another figure. */
const GROWN_UP_MS = 5_500;
const BACKENDS = { b0: '127.0.0.1:9' };

export async function measureRecovery(run: NumbersRun): Promise<readonly Verdict[]> {
  return withProxy(run, BACKENDS, async proxy => {
    await proxy.writeConfig();
    await proxy.start();
    const workers: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(GROWN_UP_MS);
      workers.push(await workerKilled(proxy));
    }
    const mains: number[] = [];
    for (let round = 0; round < ROUNDS; round++) mains.push(await mainKilled(proxy));
    return [
      judged('full strength after SIGKILL to a worker', workers, WORKER_MS),
      judged('the command socket answers after SIGKILL to main and a start', mains, CONTROL_MS),
    ];
  });
}

async function workerKilled(proxy: ChaosProxy): Promise<number> {
  const [oldest] = await proxy.workerPids();
  if (oldest === undefined) throw new Error('no worker serves');
  const killedAt = now();
  process.kill(oldest, 'SIGKILL');
  await proxy.fullStrength([oldest]);
  return now() - killedAt;
}

/** From the start of the new main process until it answers, which it does once its workers serve. */
async function mainKilled(proxy: ChaosProxy): Promise<number> {
  const { pid, workers } = await proxy.status();
  proxy.hangUp();
  await killed(pid);
  const startedAt = now();
  await proxy.start();
  const took = now() - startedAt;
  await until('the old workers have finished', async () =>
    (await Promise.all(workers.map(worker => isGone(worker.pid)))).every(Boolean),
  );
  return took;
}

function judged(what: string, times: readonly number[], mostMs: number): Verdict {
  return verdict(
    `${what} within ${mostMs} ms`,
    most(times),
    value => value <= mostMs,
    value => `${milliseconds(value)}, the longest of ${times.length}`,
  );
}
