/** Programs that make machines: which are there, in which version, and with what they were set up. */
import path from 'node:path';
import { NETWORKS_FILE, rangesIn } from '../../../vms/virtualbox-ranges.ts';
import type { PackageNeed, ToolFacts, VagrantBox } from '../facts.ts';
import type { System } from '../system.ts';

/** How each one is asked for its version. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  ip: ['ip', '-Version'],
  unshare: ['unshare', '--version'],
  nsenter: ['nsenter', '--version'],
  tc: ['tc', '-Version'],
  nft: ['nft', '--version'],
  vagrant: ['vagrant', '--version'],
  VBoxManage: ['VBoxManage', '--version'],
  virsh: ['virsh', '--version'],
  'lxc-start': ['lxc-start', '--version'],
  docker: ['docker', '--version'],
  dockerd: ['dockerd', '--version'],
};

const ON_LINUX_ONLY = ['ip', 'unshare', 'nsenter', 'tc', 'nft', 'virsh', 'lxc-start', 'dockerd'];

const NEEDS: readonly PackageNeed[] = ['vagrant', 'lxc', 'libvirt', 'docker'];

export async function gatherTools(
  system: System,
  missingPackages: (need: PackageNeed) => Promise<readonly string[]>,
): Promise<ToolFacts> {
  const names = Object.keys(QUESTIONS).filter(
    name => system.platform === 'linux' || !ON_LINUX_ONLY.includes(name),
  );
  const versions = await Promise.all(names.map(async name => [name, await version(system, name)]));
  const missing = await Promise.all(NEEDS.map(async need => [need, await missingPackages(need)]));
  const networks = system.read(NETWORKS_FILE);
  return {
    versions: Object.fromEntries(versions),
    ...(system.platform === 'linux' && { missingPackages: Object.fromEntries(missing) }),
    ...(networks !== undefined && { virtualBoxRanges: rangesIn(networks).ranges }),
    vagrantBoxes: vagrantBoxes(system),
  };
}

async function version(system: System, name: string): Promise<string | undefined> {
  const place = system.program(name) ?? elsewhere(system, name);
  if (place === undefined) return undefined;
  const answer = await system.run([place, ...(QUESTIONS[name] ?? []).slice(1)]);
  const said = `${answer?.stdout ?? ''} ${answer?.stderr ?? ''}`;
  return /\d+(?:\.\d+)+\w*/.exec(said)?.[0] ?? '';
}

/** An ordinary user's PATH leaves out where the tools of the network are; Windows' that of VirtualBox. */
function elsewhere({ env, exists, platform }: System, name: string): string | undefined {
  const windows = env['VBOX_MSI_INSTALL_PATH'] ?? 'C:\\Program Files\\Oracle\\VirtualBox\\';
  const places =
    platform === 'win32' && name === 'VBoxManage'
      ? [path.win32.join(windows, 'VBoxManage.exe')]
      : [`/usr/sbin/${name}`, `/sbin/${name}`];
  return places.find(exists);
}

/** Of the kit's own boxes: boxes/NAME/VERSION/PROVIDER, and since Vagrant 2.4 boxes/NAME/VERSION/ARCHITECTURE/PROVIDER. */
function vagrantBoxes(system: System): readonly VagrantBox[] {
  const home = system.env['RELAIS_VAGRANT_HOME'] || path.join(system.userHome, '.relais/vagrant');
  const boxes = path.join(home, 'boxes');
  return system.list(boxes).flatMap(name => {
    const folder = path.join(boxes, name);
    const versions = system.list(folder).map(one => path.join(folder, one));
    return versions.flatMap(one => boxesIn(system, one, name.replaceAll('-VAGRANTSLASH-', '/')));
  });
}

const ARCHITECTURES = ['amd64', 'arm64', 'i386', 'unknown'];

function boxesIn(system: System, folder: string, name: string): readonly VagrantBox[] {
  return system.list(folder).flatMap(entry => {
    if (!ARCHITECTURES.includes(entry)) {
      const described = system.read(path.join(folder, entry, 'metadata.json')) ?? '';
      const [, architecture] = /"architecture"\s*:\s*"(\w+)"/.exec(described) ?? [];
      return [{ name, provider: entry, ...(architecture !== undefined && { architecture }) }];
    }
    const known = entry === 'unknown' ? {} : { architecture: entry };
    const providers = system.list(path.join(folder, entry));
    return providers.map(provider => ({ name, provider, ...known }));
  });
}
