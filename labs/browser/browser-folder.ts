/**
 * A throw-away folder for what a browser writes besides its profile: crash reports, caches,
 * sockets. Without it a run leaves files in the learner's home.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface BrowserFolder {
  /** Variables that send the browser there. Only Linux browsers honour them. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export async function makeBrowserFolder(): Promise<BrowserFolder> {
  if (process.platform !== 'linux') return { env: {}, remove: async () => {} };
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-browser-'));
  const env = {
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    TMPDIR: path.join(folder, 'tmp'),
  };
  for (const inner of Object.values(env)) await mkdir(inner);
  return {
    env,
    // A browser's last process may still be writing.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
