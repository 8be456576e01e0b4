/** How long a change takes on all workers while they serve 5,000 requests per second. */
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../../bench/load/pacer.ts';
import { isGood, percentile, type Recording } from '../../bench/load/recording.ts';
import { latenciesOf, runOpenLoop } from '../../bench/load/run-open-loop.ts';
import { type Verdict, verdict } from '../../bench/result.ts';
import { type Absence, intruders } from '../judge.ts';
import { type ChaosProxy, CLUSTER, HOST } from '../proxy.ts';
import { startLightBackends } from './light-backends.ts';
import { milliseconds, type NumbersRun, withProxy } from './numbers-run.ts';

const PER_SECOND = 5_000;
const MOST_MS = 5;
const CHANGE_EVERY_MS = 15;
/** The load connects and fills its caches first. */
const WARM_UP_MS = 1_000;

const NOTHING: Recording = { startedAt: 0, samples: [] };

interface Changes {
  readonly times: readonly number[];
  readonly absences: readonly Absence[];
}

export async function measureChangeLatency(run: NumbersRun): Promise<readonly Verdict[]> {
  const backends = await startLightBackends(run);
  try {
    return await withProxy(run, backends.addresses, async proxy => {
      await proxy.writeConfig();
      await proxy.start();
      const load = { port: proxy.port, path: '/', perSecond: PER_SECOND, seconds: run.seconds };
      // A proxy that has just started is not yet as quick as it will be.
      for (const share of [0.2, 0.5]) {
        const gentle = { ...load, perSecond: PER_SECOND * share, seconds: 2, hostField: HOST };
        await runOpenLoop(run.crew, proxy.folder, gentle);
      }
      const loaded = runOpenLoop(run.crew, proxy.folder, { ...load, hostField: HOST });
      const recorded = loaded.catch((error: Error) => {
        // A computer that cannot send so much measures nothing.
        run.say(error.message.split('\n').find(line => line.startsWith('Error')) ?? error.message);
        return NOTHING;
      });
      await sleep(WARM_UP_MS);
      const removed = { clusterId: CLUSTER, address: backends.addresses['b1'] ?? '' };
      const changes = await changeFor(proxy, removed, run.seconds * 1000 - 2 * WARM_UP_MS);
      return verdicts(await recorded, changes, backends.kind);
    });
  } finally {
    await backends.end();
  }
}

/** Removes and adds, again and again: a request shows by whom it is answered whether it knew. */
async function changeFor(
  proxy: ChaosProxy,
  backend: { readonly clusterId: string; readonly address: string },
  forMs: number,
): Promise<Changes> {
  const times: number[] = [];
  const absences: Absence[] = [];
  const timed = async (request: Parameters<ChaosProxy['change']>[0]): Promise<void> => {
    const sentAt = now();
    await proxy.change(request);
    times.push(now() - sentAt);
  };
  for (const end = now() + forMs; now() < end; ) {
    await timed({ kind: 'remove-backend', ...backend });
    const from = now();
    await sleep(CHANGE_EVERY_MS);
    absences.push({ backend: 'b1', from, until: now() });
    await timed({ kind: 'add-backend', backend: { ...backend, backendId: 'b1' } });
    await sleep(CHANGE_EVERY_MS);
  }
  return { times, absences };
}

function verdicts(recording: Recording, { times, absences }: Changes, kind: string): Verdict[] {
  const { failed, count, lateP99Ms } = latenciesOf(recording);
  const visits = recording.samples.filter(isGood).map(sample => ({
    by: sample.by.split(' ')[0] ?? '',
    // Written late, it began late.
    beganAt: recording.startedAt + sample.at + sample.lateMs,
    ms: sample.ms - sample.lateMs,
  }));
  const missed = intruders(visits, absences).reduce((sum, each) => sum + each, 0);
  const seen = visits.filter(visit => visit.by === 'b1').length;
  const p50 = milliseconds(percentile(times, 50));
  const about = `${times.length} changes, ${count} requests, backends are ${kind}, the load itself late by ${milliseconds(lateP99Ms)} (p99)`;
  return [
    verdict(
      `a change is effective on all workers within ${MOST_MS} ms (p99) under ${PER_SECOND} requests/s`,
      count === 0 ? undefined : percentile(times, 99),
      value => value <= MOST_MS,
      value => `${milliseconds(value)}, p50 ${p50}; ${about}`,
    ),
    verdict(
      'no request that begins after the reply misses the change',
      // Where the backend has answered nobody, nothing was seen.
      seen === 0 ? undefined : missed,
      value => value === 0,
      String,
    ),
    verdict(
      'no request fails meanwhile',
      count === 0 ? undefined : failed,
      value => value === 0,
      String,
    ),
  ];
}
