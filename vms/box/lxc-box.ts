/** The box for vagrant-lxc: a root file system in an archive, and how LXC shall run it. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packFiles, packTree } from './archive.ts';
import type { Architecture } from './box-names.ts';
import { maskUnits } from './root/settle.ts';
import type { Workshop } from './workshop.ts';

/** A container has no devices to wait for and no power button. */
const MASKED: readonly string[] = [
  'systemd-logind.service',
  'systemd-udev-trigger.service',
  'systemd-udevd-control.socket',
  'systemd-udevd-kernel.socket',
  'systemd-udevd.service',
];

/** LXC sets the address itself. */
const NETWORK = '[Match]\nName=eth*\n[Link]\nUnmanaged=yes\n';

export function lxcConfig(architecture: Architecture): string {
  return [
    'lxc.include = /usr/share/lxc/config/common.conf',
    `lxc.arch = ${architecture}`,
    'lxc.uts.name = relais',
    'lxc.apparmor.profile = unconfined',
    'lxc.mount.auto = proc:rw sys:ro cgroup:mixed',
    'lxc.tty.max = 0',
    'lxc.pty.max = 64',
    '',
  ].join('\n');
}

/**
 * Writes the box file to `target`. `tree` holds nothing but the root file system, as `rootfs`, and
 * is changed.
 */
export async function packLxcBox(
  workshop: Workshop,
  tree: string,
  target: string,
  architecture: Architecture,
): Promise<void> {
  const root = path.join(tree, 'rootfs');
  await writeFile(path.join(root, 'etc/systemd/network/10-relais.network'), NETWORK);
  await maskUnits(root, MASKED);
  const parts = `${target}.parts`;
  await mkdir(parts);
  await packTree(workshop, tree, path.join(parts, 'rootfs.tar.gz'));
  await writeFile(path.join(parts, 'lxc-config'), lxcConfig(architecture));
  const metadata = { provider: 'lxc', version: '1.0.0' };
  await writeFile(path.join(parts, 'metadata.json'), `${JSON.stringify(metadata)}\n`);
  await packFiles(workshop, parts, ['metadata.json', 'lxc-config', 'rootfs.tar.gz'], target);
  await rm(parts, { recursive: true });
}
