/** libvirt's own daemons, of this room alone: nothing of the system's libvirt is used or changed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { hubAddress } from '../hub-network/addresses.ts';
import { runCommand } from '../programs/command.ts';
import { waitUntil } from '../programs/deadline.ts';
import { startProgram } from '../programs/detached-program.ts';
import { isAlive } from '../programs/process-identity.ts';
import { logTail } from '../programs/program-log.ts';
import type { HubSite } from './hub-site.ts';
import { engineFolder } from './room-paths.ts';
import { layVoid } from './wires.ts';

/** The folders that libvirt is built to use; in the hub they are the room's. */
export const LIBVIRT_FOLDERS: Readonly<Record<string, string>> = {
  '/etc/libvirt': 'etc',
  '/run/libvirt': 'run',
  '/var/lib/libvirt': 'lib',
  '/var/log/libvirt': 'log',
  '/var/cache/libvirt': 'cache',
};

/**
 * As root, because libvirt gives up what it knows of QEMU at every call when it runs QEMU as a
 * user that may not open /dev/kvm: that takes seconds each time.
 */
const QEMU_SETTINGS = `user = "root"
group = "root"
security_driver = "none"
remember_owner = 0
cgroup_controllers = [ ]
`;

const DAEMON_SETTINGS = 'auth_unix_rw = "none"\nunix_sock_group = "root"\n';

/** Asking QEMU what it can takes 8 s, twice that on a busy computer. */
const READY_WITHIN_MS = 90_000;

export async function startLibvirt(site: HubSite): Promise<void> {
  const etc = path.join(engineFolder(site.lease.folder), LIBVIRT_FOLDERS['/etc/libvirt'] ?? '');
  mkdirSync(etc, { recursive: true });
  writeFileSync(path.join(etc, 'qemu.conf'), QEMU_SETTINGS);
  writeFileSync(path.join(etc, 'libvirtd.conf'), DAEMON_SETTINGS);
  // The bridge comes with the first machine and goes with the last: programs of the hub keep theirs.
  await site.ip([...layVoid(), `addr add ${hubAddress(site.subnet)}/32 dev lo`]);
  const daemons = await Promise.all(['virtlogd', 'libvirtd'].map(name => startDaemon(site, name)));
  let said = '';
  const answers = await waitUntil(
    async () => {
      if (!daemons.every(isAlive)) return true;
      const asked = await runCommand(site.inside(['virsh', '--quiet', 'list']), {
        env: site.marks,
      });
      said = asked.stderr.trim();
      return asked.exitCode === 0;
    },
    { deadlineMs: READY_WITHIN_MS },
  );
  if (answers && daemons.every(isAlive)) return;
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `libvirt does not come up: ${said || logTail(site.lease.logFile('libvirtd'))}`,
  );
}

async function startDaemon(site: HubSite, name: string) {
  const argv = site.inside([name, '--pid-file', `/run/libvirt/${name}.pid`]);
  const logFile = site.lease.logFile(name);
  const started = await startProgram({ title: name, argv, env: site.marks, logFile, sockets: [] });
  return started.process;
}
