/** What real machines need on a Debian or Ubuntu, and the package that brings each. */
import { existsSync } from 'node:fs';
import { canInstallPackages, installLine, installPackages } from './apt.ts';
import { MachineError } from './errors.ts';
import { hasProgram } from './programs/locate.ts';

/** `box`: to build the boxes. The others: to run machines of that kind. */
export type Need = 'box' | 'vagrant' | 'lxc' | 'libvirt' | 'docker';

export interface Tool {
  /** A program, or a file that is no program, by its whole path. */
  readonly command: string;
  /** The Debian package that brings it. */
  readonly package: string;
}

const PLUGINS = '/usr/share/vagrant-plugins/plugins.d';

export const TOOLS: Readonly<Record<Need, readonly Tool[]>> = {
  box: [
    { command: 'mmdebstrap', package: 'mmdebstrap' },
    { command: 'gpgv', package: 'gpgv' },
    {
      command: '/usr/share/keyrings/debian-archive-keyring.gpg',
      package: 'debian-archive-keyring',
    },
    { command: 'unshare', package: 'util-linux' },
    { command: 'cpio', package: 'cpio' },
    { command: 'mkfs.ext4', package: 'e2fsprogs' },
    { command: 'qemu-img', package: 'qemu-utils' },
  ],
  vagrant: [
    { command: 'vagrant', package: 'vagrant' },
    { command: 'ssh', package: 'openssh-client' },
  ],
  lxc: [
    { command: 'vagrant', package: 'vagrant' },
    { command: `${PLUGINS}/vagrant-lxc.json`, package: 'vagrant-lxc' },
    { command: 'lxc-start', package: 'lxc' },
    { command: 'brctl', package: 'bridge-utils' },
    { command: 'sudo', package: 'sudo' },
    { command: 'ip', package: 'iproute2' },
    { command: 'nft', package: 'nftables' },
    { command: 'ssh', package: 'openssh-client' },
  ],
  libvirt: [
    { command: 'vagrant', package: 'vagrant' },
    { command: `${PLUGINS}/vagrant-libvirt.json`, package: 'vagrant-libvirt' },
    { command: 'libvirtd', package: 'libvirt-daemon-system' },
    { command: 'virsh', package: 'libvirt-clients' },
    emulator(process.arch),
    { command: 'qemu-img', package: 'qemu-utils' },
    { command: 'dnsmasq', package: 'dnsmasq-base' },
    { command: 'iptables', package: 'iptables' },
    { command: 'dmidecode', package: 'dmidecode' },
    { command: 'ip', package: 'iproute2' },
    { command: 'nft', package: 'nftables' },
    { command: 'ssh', package: 'openssh-client' },
  ],
  docker: [
    { command: 'dockerd', package: 'docker.io' },
    { command: 'containerd', package: 'containerd' },
    { command: 'runc', package: 'runc' },
    { command: 'docker', package: 'docker.io' },
    { command: 'iptables', package: 'iptables' },
    { command: 'ip', package: 'iproute2' },
    { command: 'nft', package: 'nftables' },
  ],
};

function emulator(arch: NodeJS.Architecture): Tool {
  return arch === 'arm64'
    ? { command: 'qemu-system-aarch64', package: 'qemu-system-arm' }
    : { command: 'qemu-system-x86_64', package: 'qemu-system-x86' };
}

/** What of the tools for these needs is not here, each once, in the order of the table. */
export async function missingTools(...needs: readonly Need[]): Promise<readonly Tool[]> {
  const tools = new Map(needs.flatMap(need => TOOLS[need]).map(tool => [tool.command, tool]));
  const found = await Promise.all([...tools.keys()].map(isHere));
  return [...tools.values()].filter((_, index) => !found[index]);
}

function isHere(command: string): Promise<boolean> | boolean {
  return command.startsWith('/') ? existsSync(command) : hasProgram(command);
}

/** The packages that bring them, each once. */
export function packagesFor(tools: readonly Tool[]): readonly string[] {
  return [...new Set(tools.map(tool => tool.package))];
}

/** What is missing, and one line to type for all of it. */
export function missingToolsMessage(missing: readonly Tool[]): string {
  const names = missing.map(tool => tool.command).join(', ');
  const packages = packagesFor(missing);
  return `Missing here: ${names}. On Debian or Ubuntu: ${installLine(packages)}`;
}

/**
 * Sees to it that all tools for these needs are here: as root on a Debian it installs what is
 * missing, and says so first. Elsewhere it rejects with VM_PROVIDER_UNREADY and the line to type.
 */
export async function getTools(needs: readonly Need[], say: (line: string) => void): Promise<void> {
  const missing = await missingTools(...needs);
  if (missing.length === 0) return;
  if (!(await canInstallPackages())) {
    throw new MachineError('VM_PROVIDER_UNREADY', missingToolsMessage(missing));
  }
  say(`Installing what ${needs.join(', ')} needs: ${packagesFor(missing).join(' ')}`);
  await installPackages(packagesFor(missing), say);
  const still = await missingTools(...needs);
  if (still.length > 0) throw new MachineError('VM_PROVIDER_UNREADY', missingToolsMessage(still));
}
