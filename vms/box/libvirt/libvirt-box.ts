/** The box for vagrant-libvirt: a disk, and a kernel that is started directly, without a boot loader. */
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packFiles } from '../archive.ts';
import type { Architecture } from '../box-names.ts';
import type { Workshop } from '../workshop.ts';
import { DISK_GIB, DISK_OPTIONS, makeDiskImage } from './disk-image.ts';
import { installModules, type Kernel, packInitrd } from './kernel.ts';

/** Vagrant's own network; the lab's own is set up by Vagrant. */
const NETWORK = `[Match]
Name=eth0
[Network]
DHCP=ipv4
LinkLocalAddressing=no
IPv6AcceptRA=no
[DHCPv4]
ClientIdentifier=mac
`;

const FSTAB = `/dev/vda / ext4 ${DISK_OPTIONS},errors=remount-ro 0 0\n`;

/** Emulated or not is decided by the Vagrantfile of a lab: a box does not know the computer. */
export function libvirtVagrantfile(architecture: Architecture): string {
  const [console, quirks] =
    architecture === 'amd64' ? ['ttyS0', ' no_timer_check'] : ['ttyAMA0', ''];
  return `# Kernel and first file system lie beside this file, wherever Vagrant keeps the box.
Vagrant.configure("2") do |config|
  config.vm.provider :libvirt do |libvirt|
    libvirt.kernel = File.expand_path("vmlinuz", __dir__)
    libvirt.initrd = File.expand_path("initrd.gz", __dir__)
    libvirt.cmd_line = "console=${console} quiet net.ifnames=0 mitigations=off${quirks}"
    libvirt.random model: "random"
  end
end
`;
}

/** Writes the box file to `target`; `root` is changed. */
export async function packLibvirtBox(
  workshop: Workshop,
  root: string,
  target: string,
  architecture: Architecture,
  kernel: Kernel,
): Promise<void> {
  await writeFile(path.join(root, 'etc/systemd/network/10-relais.network'), NETWORK);
  await writeFile(path.join(root, 'etc/fstab'), FSTAB);
  await installModules(workshop, kernel, root);
  const parts = `${target}.parts`;
  await mkdir(parts);
  await packInitrd(workshop, kernel, root, parts);
  await cp(path.join(kernel.folder, 'boot', `vmlinuz-${kernel.version}`), `${parts}/vmlinuz`);
  await makeDiskImage(workshop, root, path.join(parts, 'box.img'));
  const metadata = { provider: 'libvirt', format: 'qcow2', virtual_size: DISK_GIB };
  await writeFile(path.join(parts, 'metadata.json'), `${JSON.stringify(metadata)}\n`);
  await writeFile(path.join(parts, 'Vagrantfile'), libvirtVagrantfile(architecture));
  const files = ['metadata.json', 'Vagrantfile', 'vmlinuz', 'initrd.gz', 'box.img'];
  await packFiles(workshop, parts, files, `${target}.gz`);
  await rename(`${target}.gz`, target);
  await rm(parts, { recursive: true });
}
