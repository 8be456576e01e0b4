/**
 * An engine of the kit's own: dockerd in a hub without a way out, with data, sockets and control
 * groups that are nobody else's. It makes no rule in a packet filter and forwards nothing.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { insideEngineHub, makeEngineHub } from '../hub-network/engine-hub.ts';
import type { LeaseFolder } from '../lease.ts';
import { waitUntil } from '../programs/deadline.ts';
import { startProgram } from '../programs/detached-program.ts';
import type { Marks } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import { logTail } from '../programs/program-log.ts';
import { EngineApi } from './engine-api.ts';
import { explainEngineError } from './explained-errors.ts';
import { roomKey } from './machine-container.ts';
import { type Store, takeStore } from './store.ts';

const READY_WITHIN_MS = 60_000;

/** What dockerd and containerd write outside of their folders; inside it is gone with the hub. */
const EMPTY_FOLDERS = ['/run', '/opt', '/etc/docker'];

/** The kernel takes no longer paths of sockets than 107 bytes. */
const LONGEST_SOCKET = 100;

export interface OwnEngine {
  readonly hub: ProcessIdentity;
  readonly dockerd: ProcessIdentity;
  readonly api: EngineApi;
}

export function socketOf(folder: string): string {
  const inRoom = path.join(folder, 'docker.sock');
  if (Buffer.byteLength(inRoom) <= LONGEST_SOCKET) return inRoom;
  return path.join(os.tmpdir(), `relais-docker-${roomKey(folder)}.sock`);
}

export function controlGroupOf(folder: string): string {
  return `relais-${roomKey(folder)}`;
}

/** Resolves when it answers. What a failed start leaves, `removeOwnParts` removes. */
export async function startOwnEngine(
  lease: LeaseFolder,
  stores: string,
  marks: Marks,
): Promise<OwnEngine> {
  const emptyFolders = EMPTY_FOLDERS.filter(folder => existsSync(folder));
  const hub = await makeEngineHub(lease, { marks, emptyFolders });
  const store = takeStore(stores, lease.folder, hub);
  const socket = socketOf(lease.folder);
  rmSync(socket, { force: true });
  const logFile = lease.logFile('dockerd');
  const { process: dockerd } = await startProgram({
    title: 'dockerd',
    argv: insideEngineHub(hub, dockerdArguments(store, socket, controlGroupOf(lease.folder))),
    env: marks,
    logFile,
    sockets: [],
  });
  const api = new EngineApi(`unix://${socket}`);
  let answers = false;
  await waitUntil(
    async () => {
      answers = await api.answers();
      return answers || !isAlive(dockerd);
    },
    { deadlineMs: READY_WITHIN_MS },
  );
  if (answers) return { hub, dockerd, api };
  throw startFailure(isAlive(dockerd), logTail(logFile));
}

function dockerdArguments(store: Store, socket: string, controlGroup: string): readonly string[] {
  // The system's own settings are for the system's own engine.
  const settings = path.join(store.folder, 'dockerd.json');
  writeFileSync(settings, '{}\n');
  return [
    'dockerd',
    ...['--config-file', settings],
    ...['--data-root', store.data],
    ...['--exec-root', '/run/docker'],
    ...['--pidfile', '/run/docker.pid'],
    ...['--host', `unix://${socket}`],
    ...['--bridge', 'none'],
    '--iptables=false',
    '--ip-forward=false',
    '--ip-masq=false',
    '--userland-proxy=false',
    ...['--exec-opt', 'native.cgroupdriver=cgroupfs'],
    ...['--cgroup-parent', `/${controlGroup}`],
    ...['--log-level', 'warn'],
  ];
}

function startFailure(lives: boolean, printed: string): MachineError {
  const what = lives ? `does not answer after ${READY_WITHIN_MS / 1_000} s` : 'ended at once';
  return new MachineError(
    'VM_COMMAND_FAILED',
    explainEngineError(printed) ??
      `dockerd ${what}. Other machines need no Docker: --machines netns. The end of its log:\n${printed}`,
  );
}
