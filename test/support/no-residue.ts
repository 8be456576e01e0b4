/**
 * Asserts that a run left nothing behind. The run is started with this watch's environment, so
 * that whatever it starts carries the watch's folder and is told from what others do meanwhile.
 *
 *     const watch = await watchResidue();
 *     await execa('node', [program], { env: watch.env });
 *     await watch.assertNothingLeft();
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface ResidueWatch {
  /** For the run: home, temporary folder and caches are inside the watch's folder. */
  readonly env: Readonly<Record<string, string>>;
  /** Throw-away; also the mark by which processes are known. */
  readonly folder: string;
  /** Fails naming all that is left; removes the watch's folder. */
  assertNothingLeft(options?: { readonly deadlineMs?: number }): Promise<void>;
}

export async function watchResidue(): Promise<ResidueWatch> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-watch-'));
  const env = {
    HOME: path.join(folder, 'home'),
    TMPDIR: path.join(folder, 'tmp'),
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_RUNTIME_DIR: path.join(folder, 'runtime'),
  };
  for (const inner of Object.values(env)) await mkdir(inner, { mode: 0o700 });
  const before = networkThings();
  const left = async (): Promise<readonly string[]> => [
    ...processesCarrying(folder),
    ...networkThings().filter(thing => !before.includes(thing)),
    ...(await filesIn(Object.values(env))),
  ];
  return {
    env,
    folder,
    async assertNothingLeft({ deadlineMs = 10_000 } = {}) {
      const remaining = await untilEmpty(left, deadlineMs);
      await rm(folder, { recursive: true, force: true });
      assert.deepEqual(remaining, [], 'left behind');
    },
  };
}

/** What is ending just now has a moment to end. */
async function untilEmpty(
  left: () => Promise<readonly string[]>,
  deadlineMs: number,
): Promise<readonly string[]> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const remaining = await left();
    if (remaining.length === 0 || performance.now() > end) return remaining;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** Listening sockets and network namespaces live as long as a process holds them: they are told with it. */
function processesCarrying(mark: string): readonly string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter(pid => `${read(pid, 'environ')}\0${read(pid, 'cmdline')}`.includes(mark))
    .filter(pid => !isZombie(pid))
    .map(pid => `process ${pid}: ${read(pid, 'cmdline').replaceAll('\0', ' ').trim()}`);
}

function isZombie(pid: string): boolean {
  return /^\d+ \(.*\) [ZX] /s.test(read(pid, 'stat'));
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Interfaces of this namespace, and namespaces that stay without a process: named or mounted. */
function networkThings(): readonly string[] {
  return [
    ...list('/sys/class/net').map(name => `interface ${name}`),
    ...list('/run/netns').map(name => `network namespace ${name}`),
    ...mountedNamespaces().map(place => `mounted namespace ${place}`),
  ];
}

function list(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Field 5 of mountinfo is the mount point; the type follows the separator. */
function mountedNamespaces(): readonly string[] {
  return read('self', 'mountinfo')
    .split('\n')
    .filter(line => line.includes(' - nsfs '))
    .map(line => line.split(' ')[4] ?? '');
}

async function filesIn(folders: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    folders.map(async folder =>
      (await readdir(folder)).map(entry => `file ${path.join(path.basename(folder), entry)}`),
    ),
  );
  return found.flat();
}
