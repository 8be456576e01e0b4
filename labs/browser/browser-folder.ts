/**
 * A throw-away folder for what a browser writes besides its profile: crash reports, caches,
 * sockets. Without it a run leaves files in the learner's home. Its name tells whose it is, so
 * that the next run removes what a killed one could not.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HERE } from '../../vms/platform.ts';

export interface BrowserFolder {
  /** Variables that send the browser there. Only Linux browsers honour them. */
  readonly env: Readonly<Record<string, string>>;
  /** Where Playwright keeps what it downloads and traces. */
  readonly artifacts: string;
  /** Playwright alone chooses where the profile is; noted here, it can be swept. */
  noteBrowser(browser: BrowserNote): Promise<void>;
  remove(): Promise<void>;
}

export interface BrowserNote {
  readonly pid: number;
  readonly profile: string;
}

const PREFIX = 'relais-browser-';
const PROFILE_PREFIX = 'playwright_chromiumdev_profile-';
const NOTE = 'browser.json';
/** Chromium keeps a socket there and does not start when its path exceeds a socket's 107 bytes. */
const LONGEST =
  107 - `/${PREFIX}1234567-XXXXXX/tmp/org.chromium.Chromium.XXXXXX/SingletonSocket`.length;
/** A browser whose run was killed ends by itself, and writes to its profile as it does. */
const ENDING_MS = 3_000;

export async function makeBrowserFolder(): Promise<BrowserFolder> {
  const place = shortPlace();
  await sweepAbandoned(place);
  const folder = await mkdtemp(path.join(place, `${PREFIX}${process.pid}-`));
  const inside = (name: string): string => path.join(folder, name);
  for (const name of ['config', 'cache', 'tmp', 'artifacts']) await mkdir(inside(name));
  const env = {
    XDG_CONFIG_HOME: inside('config'),
    XDG_CACHE_HOME: inside('cache'),
    TMPDIR: inside('tmp'),
    // Else dconf leaves a file in the session's runtime folder.
    GSETTINGS_BACKEND: 'memory',
  };
  return {
    env: HERE === 'linux' ? env : {},
    artifacts: inside('artifacts'),
    noteBrowser: browser => writeFile(inside(NOTE), JSON.stringify(browser)),
    remove: () => removeAll(folder),
  };
}

function shortPlace(): string {
  const usual = tmpdir();
  return HERE === 'linux' && Buffer.byteLength(usual) > LONGEST ? '/tmp' : usual;
}

/** Folders whose process is gone, with the profiles that they name. */
async function sweepAbandoned(place: string): Promise<void> {
  const names = await readdir(place).catch(() => []);
  for (const name of names.filter(isAbandoned)) {
    const folder = path.join(place, name);
    const browser = await readNote(folder);
    if (browser !== undefined) await untilGone(browser.pid);
    // Another user's folder stays: it is theirs to sweep.
    await removeAll(folder).catch(() => undefined);
    if (browser !== undefined) await removeAll(browser.profile).catch(() => undefined);
  }
}

async function readNote(folder: string): Promise<BrowserNote | undefined> {
  try {
    const { pid, profile } = JSON.parse(await readFile(path.join(folder, NOTE), 'utf8'));
    const { dir, name } = path.parse(profile);
    const plausible = Number.isInteger(pid) && dir === tmpdir() && name.startsWith(PROFILE_PREFIX);
    return plausible ? { pid, profile } : undefined;
  } catch {
    return undefined;
  }
}

async function untilGone(pid: number): Promise<void> {
  const end = performance.now() + ENDING_MS;
  while (!isGone(pid) && performance.now() < end) await delay(20);
}

function isAbandoned(name: string): boolean {
  const [pid] = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-') : [];
  return pid !== undefined && /^\d+$/.test(pid) && isGone(Number(pid));
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** A browser's last process may still be writing. */
function removeAll(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
