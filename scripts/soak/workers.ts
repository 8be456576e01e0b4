/** What the workers of the proxy hold, from their own words and from Linux's /proc. */
import { readdir, readlink } from 'node:fs/promises';
import type { CommandClient } from '../../proxy/index.ts';
import { rssOf } from '../bench/process-usage.ts';

export interface Holding {
  readonly pid: number;
  readonly rssBytes: number;
  /** Open sockets of the process. */
  readonly sockets: number;
  readonly clientConnections: number;
  readonly activeRequests: number;
  /** Connections to backends that wait for a request. */
  readonly idleConnections: number;
}

export async function holdings(client: CommandClient): Promise<readonly Holding[]> {
  const { content } = await client.send({ kind: 'status' });
  const found = content?.workers.map(
    async ({ pid, snapshot }): Promise<Holding> => ({
      pid,
      rssBytes: await rssOf(pid),
      sockets: await socketsOf(pid),
      clientConnections: snapshot?.clientConnections ?? 0,
      activeRequests: snapshot?.activeRequests ?? 0,
      idleConnections:
        snapshot?.backends.reduce((sum, backend) => sum + backend.idleConnections, 0) ?? 0,
    }),
  );
  return Promise.all(found ?? []);
}

async function socketsOf(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    // A descriptor may be closed between the listing and the look.
    (await readdir(folder)).map(fd => readlink(`${folder}/${fd}`).catch(() => '')),
  );
  return links.filter(link => link.startsWith('socket:')).length;
}
