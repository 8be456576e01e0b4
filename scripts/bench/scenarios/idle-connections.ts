/** The memory that clients take who stay connected and say nothing. */
import path from 'node:path';
import { bodyOf, startNginxBackend } from '../backends/nginx.ts';
import { classicPeers } from '../peers.ts';
import { usageOfTree } from '../process-usage.ts';
import { freePorts, HOST, says } from '../ready.ts';
import { decimals, mebibytes, thousands, verdict } from '../result.ts';
import { anyFailed, type RunningPeer, running, startPeers, troubles } from '../running-peer.ts';
import type { BenchRun, Scenario } from '../scenario.ts';

const FIRST = 500;
const CLIENTS = 10_000;
const SIZE = 100;
const program = path.join(import.meta.dirname, '../load/idle-clients.js');

interface Figure {
  readonly peer: string;
  readonly beforeBytes: number | undefined;
  readonly afterBytes: number | undefined;
  readonly kibPerClient: number | undefined;
}

export const idleConnections: Scenario = {
  name: 'idle',
  about: `memory of ${thousands(CLIENTS)} idle client connections`,
  peers: classicPeers,
  async run(run) {
    const { crew, folder, say } = run;
    const [backendPort = 0] = await freePorts(1);
    const backend = `127.0.0.1:${backendPort}`;
    await startNginxBackend(crew, path.join(folder, 'backend'), [backend], [SIZE]);
    const wish = { backends: [backend], path: `/${SIZE}`, body: bodyOf(SIZE) };
    const started = await startPeers(run, wish);
    const figures: Figure[] = [];
    for (const peer of running(started)) {
      say(`idle clients: ${peer.name}`);
      figures.push(await measure(run, peer));
    }
    return {
      scenario: 'idle',
      conditions: `${thousands(CLIENTS)} clients that had one answer each; the difference to the first ${FIRST}`,
      table: {
        headings: ['peer', 'RSS before MiB', 'RSS with them MiB', 'KiB per client'],
        rows: figures.map(figure => [
          figure.peer,
          mebibytes(figure.beforeBytes, 1),
          mebibytes(figure.afterBytes, 1),
          decimals(figure.kibPerClient, 1),
        ]),
      },
      notes: troubles(started),
      verdicts: [
        verdict(
          'at most 20 KiB per idle client',
          figures.find(figure => figure.peer === 'relais')?.kibPerClient,
          value => value <= 20,
          value => `${value.toFixed(1)} KiB`,
        ),
      ],
      figures,
      failed: anyFailed(started),
    };
  },
};

async function measure({ crew }: BenchRun, { name, member, port }: RunningPeer): Promise<Figure> {
  const visit = (count: number) => {
    const args = [program, '127.0.0.1', String(port), HOST, `/${SIZE}`, String(count)];
    return crew.start('idle clients', { file: process.execPath, args });
  };
  // The first ones pay for what all share.
  const first = visit(FIRST);
  await says(first, 'ready');
  const before = await usageOfTree(member.pid);
  const others = visit(CLIENTS - FIRST);
  await says(others, 'ready');
  const after = await usageOfTree(member.pid);
  await Promise.all([first.end(), others.end()]);
  const bytes = before && after && after.rssBytes - before.rssBytes;
  return {
    peer: name,
    beforeBytes: before?.rssBytes,
    afterBytes: after?.rssBytes,
    kibPerClient: bytes && bytes / 1024 / (CLIENTS - FIRST),
  };
}
