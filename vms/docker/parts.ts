/** Lists and destroys what a room has in an engine, and the engine itself when it is the kit's. */
import { rmSync } from 'node:fs';
import { type Lease, LeaseFolder } from '../lease.ts';
import { waitUntil } from '../programs/deadline.ts';
import { findMarked, killAll } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity, signalProcess } from '../programs/process-identity.ts';
import type { EngineParts } from '../room/engine-parts.ts';
import { removeControlGroups } from './control-groups.ts';
import { EngineApi } from './engine-api.ts';
import { networkName, ofRoom, roomKey } from './machine-container.ts';
import { controlGroupOf, socketOf } from './own-engine.ts';
import { ownSettings } from './settings.ts';
import { keepStore, releaseStore } from './store.ts';

const ENDS_WITHIN_MS = 15_000;

interface ListedContainer {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
}

export const dockerParts: EngineParts = { describe, remove };

async function describe(folder: string): Promise<readonly string[]> {
  const lease = new LeaseFolder(folder).read();
  const api = apiOf(folder, lease);
  const containers = (await containersOf(api, folder).catch(() => undefined)) ?? [];
  const dockerd = lease?.docker?.dockerd;
  return [
    ...containers.map(({ Names, State }) => `container ${nameOf(Names)} (${State})`),
    ...(isAlive(dockerd) ? [`Docker engine (dockerd, pid ${dockerd.pid})`] : []),
  ];
}

/** A room that was killed early may have an engine that its lease does not tell of. */
async function remove(folder: string): Promise<void> {
  const lease = new LeaseFolder(folder).read();
  const isOwn = lease?.docker === undefined || lease.docker.dockerd !== undefined;
  const api = apiOf(folder, lease);
  const emptied = await empty(api, folder).then(
    () => true,
    () => false,
  );
  if (isOwn) await removeEngine(folder, lease?.docker?.dockerd, emptied);
}

function apiOf(folder: string, lease: Lease | undefined): EngineApi {
  return new EngineApi(lease?.docker?.host ?? `unix://${socketOf(folder)}`);
}

function containersOf(
  api: EngineApi,
  folder: string,
): Promise<readonly ListedContainer[] | undefined> {
  return api.find<readonly ListedContainer[]>(`/containers/json?all=1&filters=${ofRoom(folder)}`);
}

async function empty(api: EngineApi, folder: string): Promise<void> {
  const containers = (await containersOf(api, folder)) ?? [];
  await Promise.all(
    containers.map(({ Id }) =>
      api.change({ method: 'DELETE', path: `/containers/${Id}?force=1&v=1` }, 404, 409),
    ),
  );
  const network = networkName(roomKey(folder));
  await api.change({ method: 'DELETE', path: `/networks/${network}` }, 404);
}

/** In order if it lets us; in any case nothing of it is left, and a store that can be trusted. */
async function removeEngine(
  folder: string,
  dockerd: ProcessIdentity | undefined,
  emptied: boolean,
): Promise<void> {
  const store = keepStore(ownSettings().stores, folder);
  const ended = emptied && dockerd !== undefined && (await endInOrder(dockerd));
  // Its containers' processes, its hub, and what else the room has started: the lab is at its end.
  await killAll(findMarked(folder));
  await removeControlGroups(controlGroupOf(folder));
  rmSync(socketOf(folder), { force: true });
  if (store !== undefined) releaseStore(store, ended);
}

async function endInOrder(dockerd: ProcessIdentity): Promise<boolean> {
  signalProcess(dockerd, 'SIGTERM');
  return waitUntil(() => !isAlive(dockerd), { deadlineMs: ENDS_WITHIN_MS });
}

function nameOf(names: readonly string[]): string {
  return names[0]?.replace(/^\//, '') ?? '?';
}
