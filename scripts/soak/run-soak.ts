/** One soak: start everything, let it run, look at what is left, say how it went. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chalk } from 'zx';
import { type CommandClient, connectCommand } from '../../proxy/index.ts';
import { mebibytes } from '../bench/result.ts';
import { Machine } from './machine.ts';
import { cluster, type RunningProxy, startProxy, stopProxy } from './proxy.ts';
import { Tally } from './tally.ts';
import { Troubles } from './troubles.ts';
import { FEWEST_SAMPLES, fifths, judgeSoak } from './verdict.ts';
import { Visitors } from './visitors.ts';
import { type Holding, holdings } from './workers.ts';

const SAMPLE_EVERY_MS = 2_000;
const SETTLE_MS = 20_000;

async function settle(client: CommandClient): Promise<readonly Holding[]> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const now = await holdings(client);
    const isQuiet = now.every(each => each.clientConnections + each.activeRequests === 0);
    if (isQuiet || performance.now() > until) return now;
    await new Promise(resolve => setTimeout(resolve, 250));
  }
}

/** Resolves with the exit code. */
export async function runSoak(
  minutes: number,
  visitorCount: number,
  stopped: AbortSignal,
): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-soak-'));
  const machines = ['m0', 'm1', 'm2', 'm3'].map(name => new Machine(name));
  const tally = new Tally();
  const rssBytes: number[] = [];
  let proxy: RunningProxy | undefined;
  try {
    await Promise.all(machines.map(machine => machine.start()));
    proxy = await startProxy(folder, machines);
    const client = await connectCommand(proxy.socket);
    const before = await holdings(client);
    const port = Number(proxy.listener.split(':').at(-1));
    const visitors = new Visitors({ port, tally, visitors: visitorCount, pace: 10 });
    const troubles = new Troubles(machines, client, proxy.listener, cluster);
    visitors.start();
    troubles.start();
    const until = performance.now() + minutes * 60_000;
    while (performance.now() < until && !stopped.aborted) {
      await new Promise(resolve => setTimeout(resolve, SAMPLE_EVERY_MS));
      const now = await holdings(client);
      rssBytes.push(now.reduce((sum, each) => sum + each.rssBytes, 0));
      progress(tally, troubles, now, (until - performance.now()) / 1000);
    }
    await troubles.stop();
    await visitors.stop();
    const after = await settle(client);
    client.close();
    const acted = machines.flatMap(machine => machine.acted);
    return report(tally, troubles, rssBytes, judgeSoak({ tally, acted, before, after, rssBytes }));
  } finally {
    for (const machine of machines) machine.thaw();
    if (proxy !== undefined) await stopProxy(proxy);
    for (const machine of machines) await machine.crash();
    await rm(folder, { recursive: true, force: true });
  }
}

function progress(tally: Tally, troubles: Troubles, now: readonly Holding[], left: number): void {
  const rss = now.map(each => mebibytes(each.rssBytes)).join('+');
  process.stderr.write(
    `${Math.max(0, Math.round(left))} s left  right ${tally.right}  excused ${tally.excused}  ` +
      `wrong ${tally.wrongTotal}  faults ${troubles.faults}  changes ${troubles.changes}  ` +
      `longest ${Math.round(tally.longestMs)} ms  memory ${rss} MiB\n`,
  );
}

function report(
  tally: Tally,
  troubles: Troubles,
  rssBytes: readonly number[],
  problems: readonly string[],
): number {
  const [early = 0, late = 0] = fifths(rssBytes);
  const outcomes = [...tally.byStatus].map(([outcome, count]) => `${outcome}: ${count}`);
  process.stdout.write(
    `${tally.right} right, ${tally.excused} excused, ${tally.wrongTotal} wrong; ` +
      `${troubles.faults} faults, ${troubles.changes} changes\n${outcomes.join(', ')}\n` +
      `longest request ${Math.round(tally.longestMs)} ms; memory of the workers ` +
      `${mebibytes(early)} MiB early, ${mebibytes(late)} MiB late\n`,
  );
  for (const problem of problems) process.stdout.write(chalk.red(`✘ ${problem}\n`));
  if (problems.length > 0) return 1;
  process.stdout.write(
    chalk.green(
      rssBytes.length < FEWEST_SAMPLES
        ? '✔ no wrong answer, no leaked socket, no POST acted on twice (too short to judge memory)\n'
        : '✔ no wrong answer, no leaked socket, no POST acted on twice, flat memory\n',
    ),
  );
  return 0;
}
