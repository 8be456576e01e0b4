/** What a Linux kernel lets us do, and whose it is. */
import { CAPABILITIES, type Capability, type KvmFacts, type LinuxFacts } from '../facts.ts';
import type { System } from '../system.ts';

export async function gatherLinux(system: System): Promise<LinuxFacts | undefined> {
  if (system.platform !== 'linux') return undefined;
  const wsl = wslVersion(system.read('/proc/version') ?? '');
  const container = containerOf(system);
  return {
    distribution: distribution(system.read('/etc/os-release') ?? ''),
    ...(wsl !== undefined && { wsl }),
    onWindowsDrive: wsl !== undefined && /^\/mnt\/[a-z](\/|$)/.test(system.kitFolder),
    ...(container !== undefined && { container }),
    capabilities: capabilities(system.read('/proc/self/status') ?? ''),
    userNamespaces: userNamespaces(system),
    kvm: kvm(system),
    netem: await netem(system),
    ipvs: ipvs(system),
    controlGroups: controlGroups(system),
    systemd: system.exists('/run/systemd/system'),
  };
}

/** The first one says "Microsoft" and is a kernel 4.4 only by name; the second is a real one. */
function wslVersion(version: string): 1 | 2 | undefined {
  if (/WSL2|microsoft-standard/.test(version)) return 2;
  return /microsoft/i.test(version) ? 1 : undefined;
}

function distribution(release: string): LinuxFacts['distribution'] {
  const value = (key: string): string => {
    const [, text = ''] = new RegExp(`^${key}=(.*)$`, 'm').exec(release) ?? [];
    return text.replace(/^["']|["']$/g, '');
  };
  return { id: value('ID') || 'linux', like: value('ID_LIKE'), name: value('PRETTY_NAME') };
}

function containerOf(system: System): string | undefined {
  if (system.exists('/.dockerenv')) return 'docker';
  if (system.exists('/run/.containerenv')) return 'podman';
  const [, told] = /(?:^|\0)container=([\w-]+)/.exec(system.read('/proc/1/environ') ?? '') ?? [];
  return told ?? /\/(docker|lxc|kubepods)\b/.exec(system.read('/proc/1/cgroup') ?? '')?.[1];
}

/** Bits of `CapEff`, as capabilities(7) numbers them. */
const BITS: Readonly<Record<Capability, bigint>> = {
  cap_net_admin: 12n,
  cap_net_raw: 13n,
  cap_sys_admin: 21n,
  cap_sys_resource: 24n,
};

function capabilities(status: string): readonly Capability[] {
  const [, hexadecimal = '0'] = /^CapEff:\s+([0-9a-f]+)$/m.exec(status) ?? [];
  const effective = BigInt(`0x${hexadecimal}`);
  return CAPABILITIES.filter(name => (effective >> BITS[name]) & 1n);
}

function userNamespaces({ read }: System): LinuxFacts['userNamespaces'] {
  const setting = (name: string): string | undefined => read(`/proc/sys/${name}`)?.trim();
  const most = setting('user/max_user_namespaces');
  return {
    most: most === undefined ? undefined : Number(most),
    allowed: setting('kernel/unprivileged_userns_clone') !== '0',
    restrictedByAppArmor: setting('kernel/apparmor_restrict_unprivileged_userns') === '1',
  };
}

function kvm(system: System): KvmFacts {
  const isThere = system.exists('/dev/kvm');
  const opens = isThere && system.canOpen('/dev/kvm');
  const flags = system.read('/proc/cpuinfo') ?? '';
  return {
    device: opens ? 'opens' : isThere ? 'closed' : 'absent',
    processor: system.arch === 'arm64' || /^flags\s*:.*\b(vmx|svm)\b/m.test(flags),
    pvm: system.exists('/sys/module/kvm_pvm'),
  };
}

/** By asking for it in a network of our own: modules may be built in, loaded or loadable. */
async function netem(system: System): Promise<LinuxFacts['netem']> {
  const own = system.isRoot ? ['unshare', '-n'] : ['unshare', '-Urn'];
  const line = ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'];
  const answer = await system.run([...own, ...line]);
  if (answer?.exitCode === 0) return 'there';
  return /qdisc kind is unknown/.test(answer?.stderr ?? '') ? 'missing' : 'unknown';
}

function ipvs({ exists, read, release }: System): LinuxFacts['ipvs'] {
  if (exists('/proc/net/ip_vs')) return 'there';
  const modules = `/lib/modules/${release}`;
  const loadable = ['modules.dep', 'modules.builtin'].some(file =>
    /\/ip_vs\.ko/.test(read(`${modules}/${file}`) ?? ''),
  );
  return loadable ? 'there' : 'missing';
}

function controlGroups({ exists }: System): LinuxFacts['controlGroups'] {
  if (exists('/sys/fs/cgroup/cgroup.controllers')) return 2;
  return exists('/sys/fs/cgroup') ? 1 : undefined;
}
