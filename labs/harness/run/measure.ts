/** Raw connects from beside the machines: what a client of each sees, and after how long. */
import path from 'node:path';
import type { Room } from '../../../vms/provider.ts';
import type { ConnectRecord } from '../history.ts';
import type { Recorder } from './recorder.ts';

/** A client that waits longer than a failed address look-up (3 s) and not for ever. */
export const CONNECT_LIMIT_MS = 5_000;

const connectProbe = path.resolve(import.meta.dirname, '../../visitors/connect-probe.js');

/** All at the same time: the learner compares, and waits for the slowest only. */
export async function measureMachines(
  machines: readonly string[],
  room: Room,
  recorder: Recorder,
): Promise<void> {
  const statuses = new Map((await room.status()).map(status => [status.name, status]));
  const targets = machines.map(name => statuses.get(name) ?? missing(name));
  const outcomes = await Promise.all(targets.map(({ address }) => connectOnce(address, room)));
  targets.forEach(({ name, address, failures }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) return;
    const failure = failures.at(-1);
    recorder.append({
      kind: 'connect',
      machine: name,
      address,
      ...outcome,
      ...(failure === undefined ? {} : { failure }),
    });
  });
}

async function connectOnce(
  address: string,
  room: Room,
): Promise<Pick<ConnectRecord, 'outcome' | 'durationMs'>> {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, colon), address.slice(colon + 1)];
  const { stdout, stderr, exitCode } = await room.execHub(
    [process.execPath, connectProbe, host, port, String(CONNECT_LIMIT_MS)],
    { timeoutMs: CONNECT_LIMIT_MS + 10_000 },
  );
  if (exitCode !== 0) throw new Error(`the client that measures ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Pick<ConnectRecord, 'outcome' | 'durationMs'>;
}

function missing(name: string): never {
  throw new Error(`${name} was never started, so it has no address to measure`);
}
