/** Debian's kernel for virtual machines, and the first file system it starts from. */
import { cp, mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Architecture } from '../box-names.ts';
import { BOX_EPOCH, type Workshop } from '../workshop.ts';
import { DISK_OPTIONS } from './disk-image.ts';

export interface Kernel {
  /** Where its packages were unpacked. */
  readonly folder: string;
  readonly version: string;
}

/** Of all modules, those a virtual machine of a lab may want: network, failures, packet filters. */
const MODULES: readonly string[] = [
  'drivers/virtio',
  'drivers/block/virtio_blk.ko',
  'drivers/char/hw_random',
  'drivers/net',
  'drivers/acpi',
  'drivers/input',
  'fs/overlayfs',
  'lib',
  'net',
];

/**
 * What has to be there before the disk is. Without the host's random numbers, an emulated machine
 * gathers its own for half a minute before anything with a key or an id starts.
 */
const FIRST_MODULES: readonly string[] = ['virtio_pci', 'virtio_rng', 'virtio_blk', 'virtio_net'];

/** Fetches kernel and busybox with the lists of packages that `root` still has. */
export async function fetchKernel(
  { run }: Workshop,
  root: string,
  folder: string,
  architecture: Architecture,
): Promise<Kernel> {
  const apt = [
    ...['-o', `Dir=${root}`, '-o', `Dir::State::status=${root}/var/lib/dpkg/status`],
    ...['-o', `APT::Architecture=${architecture}`, '-o', 'APT::Sandbox::User=root'],
  ];
  const meta = `linux-image-cloud-${architecture}`;
  const image = firstDependency(await run(['apt-cache', ...apt, 'depends', meta]));
  if (image === undefined) throw new Error(`Debian has no package ${meta} on this mirror.`);
  await mkdir(folder, { recursive: true });
  await run(['apt-get', ...apt, '-qq', 'download', image, 'busybox-static'], { cwd: folder });
  const tree = path.join(folder, 'tree');
  for (const file of await readdir(folder)) {
    if (file.endsWith('.deb')) await run(['dpkg-deb', '-x', path.join(folder, file), tree]);
  }
  return { folder: tree, version: image.replace('linux-image-', '') };
}

/** Of what `apt-cache depends` prints. */
export function firstDependency(printed: string): string | undefined {
  return /^\s+Depends: (linux-image-\S+)$/m.exec(printed)?.[1];
}

/** Copies the modules that are wanted into a root file system. */
export async function installModules(
  { run }: Workshop,
  kernel: Kernel,
  root: string,
): Promise<void> {
  const from = path.join(kernel.folder, 'lib/modules', kernel.version);
  const to = path.join(root, 'usr/lib/modules', kernel.version);
  const lists = ['modules.builtin', 'modules.order', 'modules.builtin.modinfo'];
  for (const part of [...lists, ...MODULES.map(module => `kernel/${module}`)]) {
    await mkdir(path.dirname(path.join(to, part)), { recursive: true });
    await cp(path.join(from, part), path.join(to, part), {
      recursive: true,
      preserveTimestamps: true,
    });
  }
  await run(['chroot', root, 'depmod', kernel.version]);
}

/** Loads what the disk needs, then hands over to the system on it. */
const INIT = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sys /sys; $b mount -t devtmpfs dev /dev
for m in /m/*; do $b insmod $m; done
i=0; while [ ! -b /dev/vda ] && [ $i -lt 200 ]; do $b usleep 20000; i=$((i+1)); done
$b mount -t ext4 -o rw,${DISK_OPTIONS} /dev/vda /mnt || exec $b sh
$b umount /proc; $b umount /sys; $b mount --move /dev /mnt/dev
exec $b switch_root /mnt /sbin/init
`;

/** Writes initrd.gz into `folder`; `root` has the modules already. */
export async function packInitrd(
  { run }: Workshop,
  kernel: Kernel,
  root: string,
  folder: string,
): Promise<void> {
  const tree = path.join(folder, 'initrd');
  for (const name of ['bin', 'proc', 'sys', 'dev', 'mnt', 'm']) {
    await mkdir(path.join(tree, name), { recursive: true });
  }
  await cp(path.join(kernel.folder, 'bin/busybox'), path.join(tree, 'bin/busybox'));
  await writeFile(path.join(tree, 'init'), INIT, { mode: 0o755 });
  for (const [index, module] of (await modulesInOrder(run, kernel, root)).entries()) {
    const name = `${String(index + 10)}-${path.basename(module)}`;
    await cp(path.join(root, module), path.join(tree, 'm', name));
  }
  const names = ['.', ...(await readdir(tree, { recursive: true })).sort()];
  for (const name of names) await utimes(path.join(tree, name), BOX_EPOCH, BOX_EPOCH);
  const archive = path.join(folder, 'initrd');
  const cpio = ['cpio', '--create', '--quiet', '--reproducible', '--format=newc', '--owner=+0:+0'];
  await run([...cpio, `--file=${archive}.cpio`], { cwd: tree, input: `${names.join('\n')}\n` });
  await run(['gzip', '-n', `${archive}.cpio`]);
  await run(['mv', `${archive}.cpio.gz`, `${archive}.gz`]);
}

/** Paths inside the root file system, each after those it depends on. */
async function modulesInOrder(
  run: Workshop['run'],
  kernel: Kernel,
  root: string,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const module of FIRST_MODULES) {
    const modprobe = ['modprobe', '--set-version', kernel.version, '--show-depends', module];
    for (const line of (await run(['chroot', root, ...modprobe])).split('\n')) {
      const [, file] = /^insmod (\S+)/.exec(line) ?? [];
      if (file !== undefined) found.add(file);
    }
  }
  return [...found];
}
