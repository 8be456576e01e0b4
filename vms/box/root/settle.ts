/** Makes a machine of a lab out of a bare root file system, the same way for every engine. */
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { APP_UNIT, appUnitText } from '../app-unit.ts';
import type { Workshop } from '../workshop.ts';

const PUBLIC_KEY = path.resolve(import.meta.dirname, '../../../../vms/box/vagrant.pub');

/** No room for them in 256 MiB, nothing for them to do without a network, or slow when emulated. */
export const MASKED_UNITS: readonly string[] = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'getty.target',
  'modprobe@configfs.service',
  'modprobe@dm_mod.service',
  'modprobe@drm.service',
  'modprobe@efi_pstore.service',
  'modprobe@fuse.service',
  'modprobe@loop.service',
  'networking.service',
  'nftables.service',
  'serial-getty@ttyS0.service',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'systemd-binfmt.service',
  'systemd-journal-flush.service',
  'systemd-logind.service',
  'systemd-networkd-wait-online.service',
  'systemd-pstore.service',
  'systemd-random-seed.service',
  'systemd-timesyncd.service',
  'systemd-update-utmp-runlevel.service',
  'systemd-update-utmp.service',
];

const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key';

/** Whoever logs in with a key needs no PAM, and nobody is asked for names: there is no DNS. */
const SSHD = `UseDNS no
UsePAM no
GSSAPIAuthentication no
PrintMotd no
HostKey ${HOST_KEY}
`;

/** A key in the box would be every machine's key. */
const HOST_KEY_UNIT = `[Unit]
Description=The ssh host key of this machine
Before=ssh.service
ConditionPathExists=!${HOST_KEY}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/ssh-keygen -q -t ed25519 -N "" -C "" -f ${HOST_KEY}

[Install]
WantedBy=multi-user.target
`;

/** Rejects with what failed. Afterwards the root file system boots anywhere, once it has a network. */
export async function settleMachine(root: string, { run }: Workshop): Promise<void> {
  const at = (file: string): string => path.join(root, file);
  await addVagrantUser(root, run);
  await writeFile(at('etc/ssh/sshd_config.d/relais.conf'), SSHD);
  await writeFile(at('etc/systemd/system/relais-host-key.service'), HOST_KEY_UNIT);
  await writeFile(at(`etc/systemd/system/${APP_UNIT}`), appUnitText());
  for (const folder of ['opt/relais', 'etc/relais']) await mkdir(at(folder), { recursive: true });
  const units = ['systemd-networkd.service', 'relais-host-key.service', APP_UNIT];
  await run(['chroot', root, 'systemctl', '--quiet', 'enable', ...units]);
  await maskUnits(root, MASKED_UNITS);
  // Archives of some engines lose file capabilities; ping has to work for everybody.
  await chmod(at('usr/bin/ping'), 0o4755);
  await forgetBuild(root);
  await nameMachine(root);
}

async function addVagrantUser(root: string, run: Workshop['run']): Promise<void> {
  await run(['chroot', root, 'useradd', '--create-home', '--shell', '/bin/bash', 'vagrant']);
  // No password fits "*"; but unlike "!", sshd does not take it for a locked account.
  await run(['chroot', root, 'usermod', '--password', '*', 'vagrant']);
  const sudoers = path.join(root, 'etc/sudoers.d/vagrant');
  await writeFile(sudoers, 'vagrant ALL=(ALL) NOPASSWD:ALL\n', { mode: 0o440 });
  const ssh = path.join(root, 'home/vagrant/.ssh');
  await mkdir(ssh, { mode: 0o700 });
  const key = await readFile(PUBLIC_KEY, 'utf8');
  await writeFile(path.join(ssh, 'authorized_keys'), key, { mode: 0o600 });
  await run(['chroot', root, 'chown', '-R', 'vagrant:vagrant', '/home/vagrant/.ssh']);
}

export async function maskUnits(root: string, units: readonly string[]): Promise<void> {
  for (const unit of units) {
    const link = path.join(root, 'etc/systemd/system', unit);
    await rm(link, { force: true });
    await symlink('/dev/null', link);
  }
}

async function nameMachine(root: string): Promise<void> {
  const at = (file: string): string => path.join(root, file);
  await writeFile(at('etc/hostname'), 'relais\n');
  await writeFile(at('etc/hosts'), '127.0.0.1 localhost\n127.0.1.1 relais\n');
  // Without a DNS server, each look-up of sudo and sshd would wait for one.
  const names = 'passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\n';
  await writeFile(at('etc/nsswitch.conf'), names);
}

/** Removes what differs between two builds, or belongs to the computer that built. */
export async function forgetBuild(root: string): Promise<void> {
  const at = (file: string): string => path.join(root, file);
  for (const folder of ['var/lib/apt/lists', 'var/cache/apt', 'var/log/apt', 'run', 'tmp']) {
    await emptyFolder(at(folder));
  }
  const gone = [
    'etc/fstab',
    'etc/hostname',
    'etc/resolv.conf',
    'var/lib/dbus/machine-id',
    'var/lib/systemd/random-seed',
    'etc/.pwd.lock',
  ];
  const backups = ['passwd-', 'group-', 'shadow-', 'gshadow-', 'subuid-', 'subgid-'];
  for (const file of [...gone, ...backups.map(name => `etc/${name}`)]) {
    await rm(at(file), { force: true });
  }
  for (const file of await readdir(at('etc/ssh')).catch((): string[] => [])) {
    if (file.startsWith('ssh_host_')) await rm(at(`etc/ssh/${file}`));
  }
  // Empty, not absent: then systemd makes one at the first boot and does not ask for the rest.
  await writeFile(at('etc/machine-id'), '');
  for (const log of ['lastlog', 'faillog', 'wtmp', 'btmp']) {
    await truncate(at(`var/log/${log}`)).catch(() => undefined);
  }
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}
