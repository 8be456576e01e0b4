/** Installs Debian packages with few words, where that is possible: as root, with apt-get. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { $, which } from 'zx';

/** Is this a Debian (or a child of it) on which we may install packages? */
export async function canInstallPackages(): Promise<boolean> {
  const isRoot = process.getuid?.() === 0;
  return isRoot && existsSync('/etc/debian_version') && (await hasProgram('apt-get'));
}

export async function hasProgram(name: string): Promise<boolean> {
  return (await which(name, { nothrow: true })) !== null;
}

/** Is this package installed? */
export async function hasPackage(name: string): Promise<boolean> {
  const query = $({ quiet: true, nothrow: true })`dpkg-query -W -f \${Status} ${name}`;
  return (await query).stdout.includes('install ok installed');
}

/** Could apt-get install this package? Fetches the package lists when there are none. */
export async function offersPackage(name: string, say: (line: string) => void): Promise<boolean> {
  if (!(await hasPackageLists())) await aptGet(['update'], say);
  const policy = await $({ quiet: true, nothrow: true })`apt-cache policy ${name}`;
  return /^\s+Candidate: (?!\(none\))\S/m.test(policy.stdout);
}

/** The line a person would type to install them. */
export function installLine(packages: readonly string[]): string {
  return `sudo apt-get install --no-install-recommends ${packages.join(' ')}`;
}

/** Rejects when apt-get fails, with its last lines. `say` gets a line per thing that happens. */
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
  // In run level 1, invoke-rc.d(8) starts no service: a web server shall be there, not serve.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const lockTimeout = ['-o', 'DPkg::Lock::Timeout=120'];
  const apt = $({ env, quiet: true, nothrow: true })`apt-get -y ${lockTimeout} ${args}`;
  for await (const line of apt) if (isNews(line, args)) say(`  ${line}`);
  const { exitCode, stderr } = await apt;
  if (exitCode === 0) return;
  const reason = stderr.trim().split('\n').slice(-3).join('\n');
  throw new Error(`apt-get ${args[0]} failed with ${exitCode}:\n${reason}`);
}

/** Of the hundreds of lines that apt-get prints: the size, and the packages that were asked for. */
function isNews(line: string, args: readonly string[]): boolean {
  const [, name = ''] = /^Setting up ([^ :]+)/.exec(line) ?? [];
  return args.includes(name) || /^(Need to get|Fetched)/.test(line);
}
