/** Whether a long body goes through a proxy without staying in it. */
import path from 'node:path';
import { classicPeers } from '../peers.ts';
import { usageOfTree } from '../process-usage.ts';
import { freePorts, HOST } from '../ready.ts';
import { mebibytes, type Verdict, verdict } from '../result.ts';
import { anyFailed, type RunningPeer, running, startPeers, troubles } from '../running-peer.ts';
import type { BenchRun, Scenario } from '../scenario.ts';

const BYTES = 2 ** 30;
const LOOK_EVERY_MS = 50;
const DIRECTIONS = ['up', 'down'] as const;
const backendProgram = path.join(import.meta.dirname, '../backends/bulk-backend.js');
const clientProgram = path.join(import.meta.dirname, '../load/transfer.js');

interface Figure {
  readonly peer: string;
  readonly direction: (typeof DIRECTIONS)[number];
  readonly seconds: number;
  readonly complete: boolean;
  readonly growthBytes: number | undefined;
}

export const largeBodies: Scenario = {
  name: 'bodies',
  about: 'memory while 1 GiB goes up and down',
  peers: classicPeers,
  async run(run) {
    const { crew, say } = run;
    const [port = 0] = await freePorts(1);
    const args = [backendProgram, '127.0.0.1', String(port)];
    crew.start('backend', { file: process.execPath, args });
    const wish = { backends: [`127.0.0.1:${port}`], path: '/14', body: 'Relais Relais ' };
    const started = await startPeers(run, wish);
    const figures: Figure[] = [];
    for (const peer of running(started)) {
      for (const direction of DIRECTIONS) {
        say(`1 GiB ${direction}: ${peer.name}`);
        figures.push(await measure(run, peer, direction));
      }
    }
    return {
      scenario: 'bodies',
      conditions: '1 GiB, one connection, after the same transfer of 64 MiB; memory every 50 ms',
      table: {
        headings: ['peer', 'direction', 'MiB/s', 'RSS growth MiB', 'complete'],
        rows: figures.map(figure => [
          figure.peer,
          figure.direction,
          (BYTES / 2 ** 20 / figure.seconds).toFixed(0),
          mebibytes(figure.growthBytes, 1),
          figure.complete ? 'yes' : 'NO',
        ]),
      },
      notes: troubles(started),
      verdicts: DIRECTIONS.map(direction => judge(figures, direction)),
      figures,
      failed: anyFailed(started) || figures.some(figure => !figure.complete),
    };
  },
};

async function measure(
  { crew }: BenchRun,
  { name, member, port }: RunningPeer,
  direction: Figure['direction'],
): Promise<Figure> {
  const transfer = async (bytes: number): Promise<boolean> => {
    const args = [clientProgram, '127.0.0.1', String(port), HOST, direction, String(bytes)];
    const arrived = await crew.run('the transfer', { file: process.execPath, args });
    return arrived.trim() === String(bytes);
  };
  await transfer(64 * 2 ** 20);
  const before = await usageOfTree(member.pid);
  let most = before?.rssBytes ?? 0;
  const look = setInterval(() => {
    void usageOfTree(member.pid).then(usage => {
      most = Math.max(most, usage?.rssBytes ?? 0);
    });
  }, LOOK_EVERY_MS);
  const startedAt = performance.now();
  try {
    const complete = await transfer(BYTES);
    const seconds = (performance.now() - startedAt) / 1000;
    return {
      peer: name,
      direction,
      seconds,
      complete,
      growthBytes: before && most - before.rssBytes,
    };
  } finally {
    clearInterval(look);
  }
}

function judge(figures: readonly Figure[], direction: Figure['direction']): Verdict {
  const figure = figures.find(each => each.peer === 'relais' && each.direction === direction);
  return verdict(
    `1 GiB ${direction}: complete, and memory grows by at most 32 MiB`,
    figure?.complete ? figure.growthBytes : undefined,
    value => value <= 32 * 2 ** 20,
    value => `${mebibytes(value, 1)} MiB`,
  );
}
