/** Every name on disk: the folder of a run, the folder of an instance, what lies in them. */
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HERE, type Platform } from '../../../vms/platform.ts';

/**
 * The proxy takes 97 bytes for its command socket, on macOS 93; that of a second proxy is `.edge`
 * longer. On Windows a path of any length names a pipe.
 */
const SOCKET_PATH_BYTES = { linux: 92, darwin: 88, win32: Number.POSITIVE_INFINITY };

export interface RunFolder {
  readonly folder: string;
  readonly history: string;
  readonly proxy: string;
  /** Shots are told relative to the run folder, with `/` on every system: pages show them. */
  shot(name: string): string;
}

function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(':', '-');
}

/** Two runs may begin in one second: the later one gets a number. */
async function makeNew(folder: string, attempt = 1): Promise<string> {
  const candidate = attempt === 1 ? folder : `${folder}_${attempt}`;
  try {
    await mkdir(candidate);
    return candidate;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return makeNew(folder, attempt + 1);
  }
}

export async function makeRunFolder(
  home: string,
  run: { readonly lab: string; readonly provider: string; readonly seed: number },
  date: Date,
  platform: Platform = HERE,
): Promise<RunFolder> {
  const runs = path.join(home, 'runs');
  await mkdir(runs, { recursive: true });
  const name = `${stamp(date)}_${run.lab}_${run.provider}_seed${run.seed}`;
  const folder = await makeNew(path.join(runs, name));
  await linkLatest(runs, path.basename(folder), platform);
  await mkdir(path.join(folder, 'proxy'));
  return {
    folder,
    history: path.join(folder, 'history.ndjson'),
    proxy: path.join(folder, 'proxy'),
    shot: shotName => path.posix.join('shots', shotName),
  };
}

/**
 * Replaced in one move, so that no reader finds it missing. Where links are refused it is left out,
 * and on Windows, where a link to a folder cannot be replaced: the newest name tells as much.
 */
async function linkLatest(runs: string, name: string, platform: Platform): Promise<void> {
  if (platform === 'win32') return;
  const temporary = path.join(runs, `.latest-${process.pid}`);
  try {
    await rm(temporary, { force: true });
    await symlink(name, temporary, 'dir');
    await rename(temporary, path.join(runs, 'latest'));
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

export function instanceFolder(home: string, instance: number): string {
  return path.join(home, 'instances', String(instance));
}

/** Sockets have short paths: that of a deep folder lies in the temporary folder instead. */
export function commandSocketPath(
  folder: string,
  temporary: string = tmpdir(),
  platform: Platform = HERE,
): string {
  const near = path.join(folder, 'relais.sock');
  if (Buffer.byteLength(near) <= SOCKET_PATH_BYTES[platform]) return near;
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return path.join(temporary, `relais-${digest}.sock`);
}
