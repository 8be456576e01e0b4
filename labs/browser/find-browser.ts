/**
 * Finds a browser that Playwright can drive: the one that `RELAIS_BROWSER` names, an installed
 * Chrome, Edge or Chromium, or Playwright's own download. Nothing is downloaded here.
 */
import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { HERE } from '../../vms/platform.ts';
import { type Env, type Place, pathFolders, usualPlaces } from './places.ts';

export interface BrowserFound {
  readonly found: true;
  readonly executablePath: string;
  readonly name: string;
  readonly version?: string;
  readonly source: 'RELAIS_BROWSER' | 'installed' | 'playwright';
}

export interface BrowserMissing {
  readonly found: false;
  readonly reason: string;
  /** What the learner can do about it. */
  readonly fix: string;
}

/** A cold disk on a loaded machine takes seconds to answer `--version`. */
const ANSWER_LIMIT_MS = 15_000;

/** `places` and `ownDownload` are arguments for the tests' sake. */
export async function findBrowser(
  env: Env,
  places: readonly Place[] = usualPlaces(env, HERE),
  ownDownload: () => Promise<string> = playwrightDownload,
): Promise<BrowserFound | BrowserMissing> {
  const named = env.RELAIS_BROWSER;
  if (named !== undefined && named !== '') return namedBrowser(named, env);
  const refusals: string[] = [];
  for (const { name, executablePath } of places) {
    const answer = await ask(executablePath, name);
    if (answer.ok) return { found: true, executablePath, source: 'installed', ...answer.identity };
    if (answer.present) refusals.push(answer.why);
  }
  const own = await ownDownload();
  const answer = await ask(own, 'Chromium');
  if (answer.ok) {
    return { found: true, executablePath: own, source: 'playwright', ...answer.identity };
  }
  if (answer.present) refusals.push(answer.why);
  const nothing = 'no Chrome, Edge or Chromium is installed, and Playwright has downloaded none';
  return { found: false, reason: refusals.join('; ') || nothing, fix: installationAdvice() };
}

/** What to type when there is no browser. */
export function installationAdvice(
  debian: boolean = existsSync('/etc/debian_version'),
  root: boolean = process.getuid?.() === 0,
): string {
  if (debian && root) return 'run `npm run setup`: it installs the chromium package';
  return 'run `npx playwright install chromium`, or install Chrome, Edge or Chromium';
}

/** A wrong name is an error, never a reason to open another browser than the one asked for. */
async function namedBrowser(named: string, env: Env): Promise<BrowserFound | BrowserMissing> {
  const tried = isBareName(named)
    ? pathFolders(env, HERE).map(folder => path.join(folder, named))
    : [path.resolve(named)];
  const executablePath = tried.find(candidate => existsSync(candidate)) ?? tried[0] ?? named;
  const answer = await ask(executablePath, path.basename(named));
  if (answer.ok) {
    return { found: true, executablePath, source: 'RELAIS_BROWSER', ...answer.identity };
  }
  const why = answer.present || !isBareName(named) ? answer.why : `${named} is not on the PATH`;
  return {
    found: false,
    reason: `RELAIS_BROWSER is set to ${JSON.stringify(named)}, but ${why}`,
    fix: 'set RELAIS_BROWSER to the path of a Chrome, Edge or Chromium program, or unset it',
  };
}

function isBareName(name: string): boolean {
  return !/[/\\]/.test(name);
}

type Answer =
  | { readonly ok: true; readonly identity: { readonly name: string; readonly version?: string } }
  | { readonly ok: false; readonly present: boolean; readonly why: string };

async function ask(executablePath: string, name: string): Promise<Answer> {
  try {
    if (!(await stat(executablePath)).isFile()) {
      return { ok: false, present: true, why: `${executablePath} is not a file` };
    }
  } catch {
    return { ok: false, present: false, why: `${executablePath} does not exist` };
  }
  try {
    await access(executablePath, constants.X_OK);
  } catch {
    return { ok: false, present: true, why: `${executablePath} is not executable` };
  }
  // On Windows `--version` opens a window instead of printing.
  if (HERE === 'win32') return { ok: true, identity: { name } };
  return askVersion(executablePath, name);
}

async function askVersion(executablePath: string, name: string): Promise<Answer> {
  const { stdout, exitCode, timedOut, shortMessage } = await execa(executablePath, ['--version'], {
    stdin: 'ignore',
    timeout: ANSWER_LIMIT_MS,
    killSignal: 'SIGKILL',
    reject: false,
  });
  if (timedOut) {
    const seconds = ANSWER_LIMIT_MS / 1000;
    return { ok: false, present: true, why: `${executablePath} did not answer in ${seconds} s` };
  }
  // Ubuntu's chromium-browser, for one, is a script that only says "install the snap".
  if (exitCode !== 0) {
    const why = `${executablePath} does not start: ${firstLine(shortMessage ?? `exit ${exitCode}`)}`;
    return { ok: false, present: true, why };
  }
  const [, toldName, version] = /^(\D*?)\s*(\d+(?:\.\d+)+)/.exec(stdout.trim()) ?? [];
  if (version === undefined || /firefox/i.test(stdout)) {
    const told = firstLine(stdout.trim()) || 'nothing';
    const why = `${executablePath} is not a Chromium browser: asked for its version, it said ${told}`;
    return { ok: false, present: true, why };
  }
  return { ok: true, identity: { name: toldName || name, version } };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** Playwright takes a third of a second to load: only when nothing else was found. */
async function playwrightDownload(): Promise<string> {
  const { chromium } = await import('playwright');
  return chromium.executablePath();
}
