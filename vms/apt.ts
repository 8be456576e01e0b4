/** Installs Debian packages with few words, where that is possible: as root, with apt-get. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { execa } from 'execa';
import { MachineError } from './errors.ts';
import { runCommand } from './programs/command.ts';
import { hasProgram } from './programs/locate.ts';

/** Is this a Debian (or a child of it) on which we may install packages? */
export async function canInstallPackages(): Promise<boolean> {
  const isRoot = process.getuid?.() === 0;
  return isRoot && existsSync('/etc/debian_version') && (await hasProgram('apt-get'));
}

/** Is this package installed? */
export async function hasPackage(name: string): Promise<boolean> {
  if (!(await hasProgram('dpkg-query'))) return false;
  const { stdout } = await runCommand(['dpkg-query', '--status', name]);
  return /^Status: install ok installed$/m.test(stdout);
}

/** Could apt-get install this package? Fetches the package lists when there are none. */
export async function offersPackage(name: string, say: (line: string) => void): Promise<boolean> {
  if (!(await hasPackageLists())) await aptGet(['update'], say);
  const { stdout } = await runCommand(['apt-cache', 'policy', name]);
  return /^\s+Candidate: (?!\(none\))\S/m.test(stdout);
}

/** The line a person would type to install them. */
export function installLine(packages: readonly string[]): string {
  return `sudo apt-get install --no-install-recommends ${packages.join(' ')}`;
}

/**
 * Installs them; daemons that come with them are not started. `say` gets a line per thing that
 * happens. Rejects with VM_COMMAND_FAILED and the last lines of apt-get when that fails.
 */
export async function installPackages(
  packages: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  if (!(await hasPackageLists())) await aptGet(['update'], say);
  const install = ['install', '--no-install-recommends', ...packages];
  try {
    await aptGet(install, say);
  } catch {
    // Lists that are too old name files that the mirror no longer has.
    await aptGet(['update'], say);
    await aptGet(install, say);
  }
}

async function hasPackageLists(): Promise<boolean> {
  const files = await readdir('/var/lib/apt/lists').catch((): string[] => []);
  return files.some(file => /_Packages(\.\w+)?$/.test(file));
}

async function aptGet(args: readonly string[], say: (line: string) => void): Promise<void> {
  say(`apt-get ${args.join(' ')}`);
  // Daemons shall be there, not run: invoke-rc.d(8) starts none in run level 1, systemctl none offline.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', SYSTEMD_OFFLINE: '1' };
  const options = ['-y', '-o', 'DPkg::Lock::Timeout=120'];
  const apt = execa('apt-get', [...options, ...args], { env, reject: false, stdin: 'ignore' });
  for await (const line of apt) if (isNews(line, args)) say(`  ${line}`);
  const { exitCode, stderr, shortMessage } = await apt;
  if (exitCode === 0) return;
  const reason = stderr?.trim().split('\n').slice(-3).join('\n') || shortMessage;
  throw new MachineError('VM_COMMAND_FAILED', `apt-get ${args[0]} failed:\n${reason}`);
}

/** Of the hundreds of lines that apt-get prints: the size, and the packages that were asked for. */
function isNews(line: string, args: readonly string[]): boolean {
  const [, name = ''] = /^Setting up ([^ :]+)/.exec(line) ?? [];
  return args.includes(name) || /^(Need to get|Fetched)/.test(line);
}
