/**
 * A hub in which an engine of machines can live: dockerd, libvirtd, lxc. Beside the network it has
 * mounts of its own, because engines look for network interfaces in /sys, which shows those of the
 * namespace that mounted it, and for control groups in /sys/fs/cgroup, which a fresh /sys lacks.
 * Like the hub it has no way out: no default route, nothing but `lo`, which is up.
 */
import type { LeaseFolder } from '../lease.ts';
import type { Marks } from '../programs/marked-processes.ts';
import type { ProcessIdentity } from '../programs/process-identity.ts';
import { ipBatch } from './ip-batch.ts';
import { HUB_NAME, inside, sleepAs, startHolder, unshareHub } from './namespace.ts';

/** Mounting takes more rights than a user namespace gives. */
const RIGHTS = 'root';

/**
 * /mnt carries the tree of control groups (cgroup v1 with one mount for each controller, or v2)
 * over to the fresh /sys; the arguments behind $0 are folders to be empty, then a `--`, then what
 * to become.
 */
const MOUNTS = `set -e
mount --rbind /sys/fs/cgroup /mnt
mount -t sysfs sysfs /sys
mount --rbind /mnt /sys/fs/cgroup
umount -l /mnt
while [ "$1" != -- ]; do mount -t tmpfs -o mode=755 tmpfs "$1"; shift; done
shift
exec "$@"`;

export interface EngineHubOptions {
  /** Carried by the process that holds the hub. */
  readonly marks: Marks;
  /** Absolute paths that are empty inside, and whose content ends with the hub: '/run', for example. */
  readonly emptyFolders?: readonly string[];
}

/** Makes the hub and resolves with its holder. Needs root; rejects with what could not be mounted. */
export async function makeEngineHub(
  lease: LeaseFolder,
  { marks, emptyFolders = [] }: EngineHubOptions,
): Promise<ProcessIdentity> {
  const mounted = ['sh', '-c', MOUNTS, HUB_NAME, ...emptyFolders, '--', ...sleepAs(HUB_NAME)];
  const argv = unshareHub(RIGHTS, ['unshare', '--mount', '--', ...mounted]);
  const hub = await startHolder('hub', argv, marks, lease.logFile('hub'));
  await ipBatch(hub, RIGHTS, ['link set lo up'], marks);
  return hub;
}

/**
 * A command line that runs where the engine lives: in its network and among its mounts. `cwd` is
 * looked up inside; without it, the command starts in /.
 */
export function insideEngineHub(
  hub: ProcessIdentity,
  argv: readonly string[],
  cwd?: string,
): string[] {
  const chdir = cwd === undefined ? [] : [`--wdns=${cwd}`];
  return [
    'nsenter',
    '--target',
    String(hub.pid),
    '--net',
    '--uts',
    '--mount',
    ...chdir,
    '--',
    ...argv,
  ];
}

/** A command line in the hub's network alone, which sees the same files as we do: for the proxy. */
export function besideEngines(hub: ProcessIdentity, argv: readonly string[]): string[] {
  return inside(hub, RIGHTS, argv);
}
