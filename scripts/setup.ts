/**
 * Makes the machine ready for the labs: a browser that shows emoji, and `ip`. What is there is left
 * alone. Exits 0 when a browser is ready. `--yes` answers every question, `--help` explains.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';
import { chalk, question } from 'zx';
import type { BrowserFound } from '../labs/browser/find-browser.ts';
import { installPackages } from '../vms/apt.ts';
import { HERE } from '../vms/platform.ts';
import { type Facts, gatherFacts } from './setup/facts.ts';
import { DOWNLOAD_LINE, makePlan, type Plan } from './setup/plan.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** What `npx playwright` would start. */
const playwrightProgram = path.join(
  path.dirname(createRequire(import.meta.url).resolve('playwright/package.json')),
  'cli.js',
);
const say = (line: string): void => console.log(line);

async function setUp(yes: boolean): Promise<number> {
  const before = await gatherFacts(say);
  tellFacts(before);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const plan = makePlan(before, { yes, terminal });
  for (const line of plan.advice) say(chalk.yellow(`! ${line}`));
  const changed = (await install(plan)) || (await download(plan));
  if (!changed) return verdict(before);
  const afterwards = await gatherFacts(say);
  tellFacts(afterwards);
  return verdict(afterwards);
}

function tellFacts({ browser, linux, iproute, emojiFont }: Facts): void {
  const tell = (good: boolean, text: string): void =>
    say(good ? `${chalk.green('✔')} ${text}` : `${chalk.yellow('–')} no ${text}`);
  tell(browser.found, browser.found ? browserLine(browser) : 'browser');
  if (!linux) return;
  tell(iproute, 'iproute2');
  tell(emojiFont, 'emoji font');
}

function browserLine({ name, version, executablePath }: BrowserFound): string {
  return [name, version, `(${executablePath})`].filter(Boolean).join(' ');
}

/** Did anything change? */
async function install({ needed, nice }: Plan): Promise<boolean> {
  if (needed.length > 0) {
    await installPackages([...needed, ...nice], say);
    return true;
  }
  if (nice.length === 0) return false;
  try {
    await installPackages(nice, say);
    return true;
  } catch (error) {
    say(chalk.yellow(`! ${(error as Error).message}\nThe labs run without it.`));
    return false;
  }
}

async function download(plan: Plan): Promise<boolean> {
  if (plan.download === 'no') return false;
  const text = `No browser is installed. Download one now (${DOWNLOAD_LINE})? [Y/n] `;
  if (plan.download === 'ask' && !/^(y.*|o.*|)$/i.test((await question(text)).trim())) return false;
  say(DOWNLOAD_LINE);
  // On Linux, root may install the libraries that the browser needs along with it.
  const withDeps = HERE === 'linux' && process.getuid?.() === 0 ? ['--with-deps'] : [];
  // Not by npx, which on Windows is a script that only a shell can start.
  const words = [playwrightProgram, 'install', ...withDeps, 'chromium'];
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    spawn(process.execPath, words, { cwd: root, stdio: 'inherit' })
      .on('error', reject)
      .on('close', resolve);
  });
  if (exitCode === 0) return true;
  throw new Error(`the download failed (exit ${exitCode}). Is there a network? Then run it again.`);
}

function verdict({ browser, browserIsNamed }: Facts): number {
  if (browser.found) return 0;
  say(chalk.red(`✘ ${browser.reason}`));
  const byHand = `run \`${DOWNLOAD_LINE}\`, or install Chrome, Edge or Chromium`;
  say(`To fix it, ${browserIsNamed ? browser.fix : byHand}.`);
  return 1;
}

const command = new Command('npm run setup --')
  .description('Makes this machine ready for the labs: a browser, an emoji font, iproute2.')
  .option('--yes', 'download a browser without asking')
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

process.exitCode = await setUp(command.opts<{ yes?: true }>().yes === true).catch(
  (error: Error) => {
    say(chalk.red(`✘ ${error.message}`));
    return 1;
  },
);
