/** Starts the browser process and makes sure that it ends. Knows nothing of pages. */
import { type Browser, chromium, type LaunchOptions } from 'playwright';
import { HERE } from '../../vms/platform.ts';
import { type BrowserFolder, makeBrowserFolder } from './browser-folder.ts';
import { launchError } from './launch-error.ts';

export interface LaunchRequest {
  readonly executablePath: string;
  readonly headed: boolean;
  readonly slowMs: number;
  /** Ends a launch under way: the browser is closed and the promise rejects. */
  readonly signal?: AbortSignal;
}

export interface LaunchedBrowser {
  readonly browser: Browser;
  /** Why the browser runs without its sandbox, when it does not because it is root's. */
  readonly note: string | undefined;
  /** Resolves when the process is gone and its folders are removed. */
  close(): Promise<void>;
}

const LAUNCH_LIMIT_MS = 30_000;
const CLOSE_LIMIT_MS = 5_000;

/** Nothing but the lab's own pages may reach the network, and no proxy stands before localhost. */
const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--no-proxy-server',
];

export async function launchBrowser(request: LaunchRequest): Promise<LaunchedBrowser> {
  request.signal?.throwIfAborted();
  const folder = await makeBrowserFolder();
  try {
    const { browser, note } = await launchSandboxed(request, folder);
    const close = once(() => end(browser, folder));
    try {
      request.signal?.throwIfAborted();
      const { pid, profile } = await askItself(browser);
      if (pid !== undefined && profile !== undefined) await folder.noteBrowser({ pid, profile });
      return { browser, note, close: () => closeInTime(close, pid) };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Root may not use Chromium's sandbox; elsewhere some systems forbid it (Ubuntu 24.04, containers). */
async function launchSandboxed(
  request: LaunchRequest,
  folder: BrowserFolder,
): Promise<{ browser: Browser; note: string | undefined }> {
  const options = launchOptions(request, folder);
  const root = process.getuid?.() === 0;
  try {
    const browser = await chromium.launch({ ...options, chromiumSandbox: !root });
    return { browser, note: undefined };
  } catch (error) {
    if (root || !/sandbox/i.test(String(error))) throw launchError(request.executablePath, error);
  }
  try {
    const browser = await chromium.launch({ ...options, chromiumSandbox: false });
    return { browser, note: 'this system forbids the browser its sandbox: it runs without' };
  } catch (error) {
    throw launchError(request.executablePath, error);
  }
}

function launchOptions(request: LaunchRequest, folder: BrowserFolder): LaunchOptions {
  return {
    executablePath: request.executablePath,
    headless: !request.headed,
    slowMo: request.slowMs,
    timeout: LAUNCH_LIMIT_MS,
    args: quietFlags,
    env: { ...inheritedEnv(), ...folder.env },
    artifactsDir: folder.artifacts,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
}

function inheritedEnv(): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: handed on whole to the browser, never read
  return process.env;
}

/** Playwright's public interface tells neither; the browser itself does. */
async function askItself(
  browser: Browser,
): Promise<{ pid: number | undefined; profile: string | undefined }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const { commandLine } = await session.send('SystemInfo.getInfo');
  await session.detach();
  const [, profile] = /--user-data-dir="?(.+?profile-\w+)/.exec(commandLine) ?? [];
  return { pid: processInfo.find(({ type }) => type === 'browser')?.id, profile };
}

async function end(browser: Browser, folder: BrowserFolder): Promise<void> {
  try {
    await browser.close();
  } finally {
    await folder.remove();
  }
}

/** Playwright would wait 30 s for a browser that hangs; a learner who pressed Ctrl-C will not. */
async function closeInTime(close: () => Promise<void>, pid: number | undefined): Promise<void> {
  const killer = setTimeout(() => kill(pid), CLOSE_LIMIT_MS);
  try {
    await close();
  } finally {
    clearTimeout(killer);
  }
}

/** Playwright starts the browser as leader of a process group, so its children end with it. */
function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(HERE === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}

function once<T>(task: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= task();
    return started;
  };
}
