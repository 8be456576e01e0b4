/** Finds out, by making one, whether this system lets us have namespaces, and with which rights. */
import { readFileSync } from 'node:fs';
import { type Rights, unshareHub } from '../hub-network/namespace.ts';
import { HERE, SYSTEM_NAME } from '../platform.ts';
import { runCommand } from '../programs/command.ts';
import type { Readiness } from '../provider.ts';

const TRIAL =
  'link add br0 type bridge\nlink add p1 type veth peer name p2\nlink set p1 master br0\n';

export type Trial = { readonly rights: Rights } | { readonly reason: string; readonly fix: string };

export async function probeNetns(): Promise<Readiness> {
  const trial = await tryNamespaces();
  if ('reason' in trial) return { ready: false, ...trial };
  const note = trial.rights === 'root' ? 'as root' : 'through an unprivileged user namespace';
  return { ready: true, note };
}

export async function tryNamespaces(): Promise<Trial> {
  if (HERE !== 'linux') {
    return {
      reason: `network namespaces exist only on Linux, this is ${SYSTEM_NAME}`,
      fix: 'Use the process provider: --machines process.',
    };
  }
  const attempts: Rights[] =
    process.geteuid?.() === 0 ? ['root', 'user-namespace'] : ['user-namespace'];
  let said = '';
  for (const rights of attempts) {
    const failed = await attempt(rights);
    if (failed === undefined) return { rights };
    said ||= failed;
  }
  return explain(said);
}

/** What went wrong; undefined when a bridge and a veth could be made in a namespace of our own. */
async function attempt(rights: Rights): Promise<string | undefined> {
  try {
    const argv = unshareHub(rights, ['nsenter', '--version']);
    const tools = await runCommand(argv);
    if (tools.exitCode !== 0) return tools.stderr.trim();
    const network = await runCommand(unshareHub(rights, ['ip', '-batch', '-']), { input: TRIAL });
    return network.exitCode === 0 ? undefined : network.stderr.trim();
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}

interface Hindrance {
  readonly holds: (said: string) => boolean;
  readonly reason: string;
  readonly fix: string;
}

const hindrances: readonly Hindrance[] = [
  {
    holds: said => /unshare.*ENOENT|nsenter.*No such file/s.test(said),
    reason: 'the commands unshare and nsenter are missing',
    fix: 'Install them: apt-get install util-linux.',
  },
  {
    holds: said => /failed to execute ip\b/.test(said),
    reason: 'the command ip is missing',
    fix: 'Install it: apt-get install iproute2.',
  },
  {
    holds: () => sysctl('kernel/apparmor_restrict_unprivileged_userns') === '1',
    reason: 'AppArmor forbids user namespaces to ordinary users on this system',
    fix: 'Allow them until the next boot: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0.',
  },
  {
    holds: () => sysctl('kernel/unprivileged_userns_clone') === '0',
    reason: 'this system forbids user namespaces to ordinary users',
    fix: 'Allow them until the next boot: sudo sysctl -w kernel.unprivileged_userns_clone=1.',
  },
  {
    holds: () => sysctl('user/max_user_namespaces') === '0',
    reason: 'this system allows no user namespaces',
    fix: 'Allow them until the next boot: sudo sysctl -w user.max_user_namespaces=10000.',
  },
  {
    holds: said => /not permitted/i.test(said),
    reason: 'this process may not make network namespaces (a container without rights?)',
    fix: 'Start the container with --cap-add SYS_ADMIN --cap-add NET_ADMIN, or use --machines process.',
  },
];

function explain(said: string): { readonly reason: string; readonly fix: string } {
  const found = hindrances.find(hindrance => hindrance.holds(said));
  if (found !== undefined) return { reason: found.reason, fix: found.fix };
  return { reason: said, fix: 'Use the process provider: --machines process.' };
}

function sysctl(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
