/** A backend is taken out for a while: without haste, and with a deadline for those that stay long. */
import { get } from 'node:http';
import { now } from '../../bench/load/pacer.ts';
import type { Fault } from '../fault.ts';
import { until } from '../processes.ts';
import { type ChaosProxy, CLUSTER } from '../proxy.ts';
import type { Stage } from '../stage.ts';

/** How long it stays out once it is safe to stop. */
const OUT_MS = 20;
/** A busy backend notices the end of its last request late; the load's long requests last longer. */
const TOLERANCE_MS = 1_000;
const DEADLINE_MS = 300;
/** Until that deadline nobody gets to the end of it. */
const LONG_MS = 20_000;
const LONG_HOST = 'long.test';

export const drainFaults: readonly Fault[] = [
  {
    name: 'drain',
    about: 'a backend is drained until it is safe to stop, and is ready again',
    times: 10,
    shortTimes: 1,
    strike: drain,
  },
  {
    name: 'drain-deadline',
    about: 'a backend is drained of a long download by a deadline, and the load goes on',
    times: 10,
    shortTimes: 1,
    strike: drainByDeadline,
  },
];

async function drain({ proxy, backends, absences, problems, wait }: Stage): Promise<void> {
  const place = { clusterId: CLUSTER, backendId: 'b3', address: backends.addressOf('b3') };
  await proxy.change({ kind: 'set-backend-admin', ...place, admin: 'drain' });
  const from = now();
  // Asked once more, it waits for the end.
  await proxy.change({ kind: 'set-backend-admin', ...place, admin: 'drain', wait: true });
  const safeAt = now();
  await wait(OUT_MS);
  absences.push({ backend: 'b3', from, until: now() });
  await until('b3 has nothing to do', async () => (await backends.activityOf('b3')).active === 0);
  const { lastEndedAt } = await backends.activityOf('b3');
  if (lastEndedAt > safeAt + TOLERANCE_MS) problems.push('b3 was safe to stop and still answering');
  await proxy.change({ kind: 'set-backend-admin', ...place, admin: 'ready' });
}

/** The backend is one of another cluster as well: only what goes there is cut. */
async function drainByDeadline(stage: Stage, round: number): Promise<void> {
  const { proxy, backends, problems } = stage;
  const clusterId = `long-${round}`;
  const address = backends.addressOf('b3');
  const { listener } = proxy;
  const frontend = { listener, hostname: LONG_HOST, path: '', clusterId };
  await proxy.change({
    kind: 'transaction',
    requests: [
      { kind: 'add-cluster', cluster: { id: clusterId, loadBalancing: 'random', answers: {} } },
      { kind: 'add-backend', backend: { clusterId, address, backendId: 'b3' } },
      { kind: 'add-frontend', frontend },
    ],
  });
  const download = await beginDownload(proxy, round);
  const reply = await proxy.send({
    ...{ kind: 'set-backend-admin', clusterId, address, backendId: 'b3', admin: 'drain' },
    ...{ deadlineMs: DEADLINE_MS, wait: true },
  });
  if (reply.status !== 'ok') problems.push(`the drain failed: ${reply.message}`);
  const downloads = reply.content?.cut?.counts.download;
  if (downloads !== 1) problems.push(`the deadline has cut ${downloads} downloads, not 1`);
  if ((await download.ended) !== 'cut') problems.push('a download survived its deadline');
  await proxy.change({
    kind: 'transaction',
    requests: [
      { kind: 'remove-frontend', frontend },
      { kind: 'remove-cluster', clusterId },
    ],
  });
}

interface Download {
  readonly ended: Promise<'whole' | 'cut'>;
}

/** Resolves when its answer has begun. */
function beginDownload({ port }: ChaosProxy, round: number): Promise<Download> {
  const path = `/long-${round}?bytes=100000&ms=${LONG_MS}`;
  const options = { host: '127.0.0.1', port, path, agent: false, headers: { Host: LONG_HOST } };
  return new Promise((resolve, reject) => {
    const request = get(options, response => {
      const ended = new Promise<'whole' | 'cut'>(end => {
        response.on('end', () => end('whole'));
        response.on('error', () => end('cut'));
      });
      response.resume();
      if (response.statusCode === 200) resolve({ ended });
      else reject(new Error(`the long download was answered ${response.statusCode}`));
    });
    request.on('error', reject);
  });
}
