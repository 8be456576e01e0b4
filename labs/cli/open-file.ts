/** Opens a file with `$BROWSER`, or with the program that the system has for it. */
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { LabError } from '../harness/errors.ts';
import { openInBrowser } from '../learn/open-in-browser.ts';
import type { Environment } from './flags.ts';

/** One that still runs then has opened the file: some browsers stay as long as their window does. */
const OPENED_AFTER_MS = 2_000;

/** Throws where nothing can open it, with the path to open by hand. */
export async function openFile(file: string, env: Environment): Promise<void> {
  const browser = env['BROWSER'];
  if (browser !== undefined && browser !== '') return openWith(browser, file, env);
  const problem = await openInBrowser(file, env);
  if (problem !== undefined) throw new LabError('LAB_ENVIRONMENT', problem.en);
}

async function openWith(browser: string, file: string, env: Environment): Promise<void> {
  const options = { stdio: 'ignore', detached: true, cleanup: false, reject: false, env } as const;
  const opening = execa(browser, [file], options);
  const ended = await Promise.race([opening, setTimeout(OPENED_AFTER_MS, undefined)]);
  opening.unref?.();
  if (ended === undefined || ended.exitCode === 0) return;
  const why = ended.exitCode === undefined ? 'is not there' : `ended with ${ended.exitCode}`;
  throw new LabError(
    'LAB_ENVIRONMENT',
    `${browser} ${why}. Open this file in a browser yourself: ${file}`,
  );
}
