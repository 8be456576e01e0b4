/** Reads the logs of a stage: what machines print, and what the proxy writes about each request. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Room } from '../../vms/provider.ts';
import { PROXY } from '../harness/actions.ts';
import type { Stage } from '../harness/run/stage.ts';
import { EDGE } from './listeners.ts';
import { proxyFiles } from './proxy-config.ts';

export function logReader(room: Pick<Room, 'logs'>, proxyFolder: string): Stage['readLog'] {
  const accessLogs = new Map(
    [PROXY, EDGE].map(name => [name, path.join(proxyFolder, proxyFiles(name).accessLog)]),
  );
  return async (source, fromByte) => {
    const file = accessLogs.get(source);
    try {
      return await (file === undefined ? room.logs(source, fromByte) : readFrom(file, fromByte));
    } catch {
      // A machine that was never started has no log; nor has a proxy that was not asked yet.
      return '';
    }
  };
}

async function readFrom(file: string, byte: number): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of createReadStream(file, { start: byte })) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
