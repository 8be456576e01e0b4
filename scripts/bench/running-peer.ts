/** Peers that run: started one by one, and asked until they pass on what the backend says. */
import { mkdir, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { CrewMember } from './crew.ts';
import type { Peer, Place } from './peer.ts';
import { answersWith, freePorts, HOST } from './ready.ts';
import type { BenchRun } from './scenario.ts';

export interface RunningPeer {
  readonly name: string;
  readonly member: CrewMember;
  readonly port: number;
  readonly accessLog: string | undefined;
}

export interface PeerWish {
  readonly backends: readonly string[];
  /** What the backend answers on this path. */
  readonly path: string;
  readonly body: string;
  readonly moreClusters?: number;
}

/** A member of the crew, or why there is none. */
export type Started = RunningPeer | { readonly name: string; readonly trouble: string };

export async function startPeers(run: BenchRun, wish: PeerWish): Promise<Started[]> {
  const started: Started[] = [];
  for (const peer of run.peers) started.push(await startPeer(run, peer, wish));
  return started;
}

export async function startPeer(run: BenchRun, peer: Peer, wish: PeerWish): Promise<Started> {
  const { name } = peer;
  const file = await peer.locate();
  if (file === undefined) return { name, trouble: `is missing: ${peer.remedy}` };
  const folder = path.join(run.folder, name.replace(/\W/g, '-'));
  await mkdir(folder);
  const [port = 0] = await freePorts(1);
  const accessLog = peer.accessLog.startsWith('none') ? undefined : path.join(folder, 'access.log');
  try {
    const program = await peer.prepare(file, {
      ...DEFAULT_PLACE,
      ...wish,
      folder,
      accessLog,
      address: `127.0.0.1:${port}`,
    });
    const member = run.crew.start(name, program);
    await answersWith(member, port, wish.path, wish.body);
    return { name, member, port, accessLog };
  } catch (error) {
    if (run.crew.dismissed.aborted) throw error;
    return { name, trouble: `failed: ${(error as Error).message}` };
  }
}

export const DEFAULT_PLACE: Pick<
  Place,
  'host' | 'moreClusters' | 'connectTimeoutSeconds' | 'backTimeoutSeconds'
> = { host: HOST, moreClusters: 0, connectTimeoutSeconds: 3, backTimeoutSeconds: 30 };

export function running(started: readonly Started[]): RunningPeer[] {
  return started.filter(entry => 'member' in entry);
}

export function troubles(started: readonly Started[]): string[] {
  return started.flatMap(entry => ('trouble' in entry ? `${entry.name} ${entry.trouble}` : []));
}

/** A peer that is installed and cannot be measured is a failure of the bench; a missing one is not. */
export function anyFailed(started: readonly Started[]): boolean {
  return started.some(entry => 'trouble' in entry && entry.trouble.startsWith('failed'));
}

/**
 * Access logs grow by megabytes per second; they are open for appending, so they may be emptied.
 * Resolves with what was in it: a peer that should have written one and did not was not measured.
 */
export async function emptyAccessLog({ accessLog }: RunningPeer): Promise<number> {
  if (accessLog === undefined) return 0;
  const size = await stat(accessLog).then(
    file => file.size,
    () => 0,
  );
  if (size > 0) await truncate(accessLog);
  return size;
}

/** Each round starts with another one, so that nobody always follows the same one. */
export function inTurn<T>(entries: readonly T[], round: number): T[] {
  const first = (round - 1) % Math.max(1, entries.length);
  return [...entries.slice(first), ...entries.slice(0, first)];
}
