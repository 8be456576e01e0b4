/**
 * Gets a browser before the first lab of a machine that has none, by the same set-up as
 * `npm run setup`: it installs what it may, asks where somebody can be asked, and says the rest.
 */
import path from 'node:path';
import { execa } from 'execa';
import { type BrowserFound, findBrowser } from '../browser/find-browser.ts';
import type { Session } from './session.ts';

const setUp = path.resolve(import.meta.dirname, '../../scripts/setup.js');

/**
 * The browser, when one was there already. Whatever comes of the set-up, the lab goes on: without
 * a browser the run says so, and cannot pass.
 */
export async function setUpWhenNeeded(session: Session): Promise<BrowserFound | undefined> {
  const { env, options, flags, signal } = session;
  // A browser that was named and is not there is a mistake to tell, not a gap to fill.
  if (!options.browser || env.RELAIS_BROWSER) return undefined;
  const found = await findBrowser(env);
  if (found.found) return found;
  // With --json, standard output is for the result alone.
  const stdout = flags.json ? process.stderr : 'inherit';
  const quiet = { stdin: 'inherit', stdout, stderr: 'inherit', reject: false } as const;
  await execa(process.execPath, [setUp], { ...quiet, cancelSignal: signal });
  return undefined;
}
