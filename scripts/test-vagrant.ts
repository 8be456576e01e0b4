/** Real machines by Vagrant, from nothing: tools, boxes, promises, labs: `npm run test:vagrant`. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canInstallPackages } from '../vms/apt.ts';
import { getTools } from '../vms/debian-packages.ts';
import { sweepLeftOverRooms } from './test-vagrant/left-over-rooms.ts';
import { chooseParts, type Parts } from './test-vagrant/options.ts';
import { StepTable } from './test-vagrant/step-table.ts';

const root = path.resolve(import.meta.dirname, '../..');
const LABS = ['load-balance', 'circuit-breaker', 'blue-green'] as const;

/** Beside the labs that somebody may have running here. */
const INSTANCE = '5';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupt.abort(signal));
}

async function main(parts: Parts): Promise<number> {
  if (!(await canInstallPackages())) {
    console.error('This installs packages and makes machines: it needs root, on a Debian.');
    return 4;
  }
  const table = new StepTable(interrupt.signal);
  await table.step('tools', async () => {
    await getTools(['box', 'vagrant', ...parts.engines], line => console.log(line));
  });
  await table.step('boxes', async () => {
    await node('scripts/box-build.js', parts.engines);
    await node('scripts/box-add.js', parts.engines);
  });
  if (parts.prepareOnly || table.failed) return table.print();
  for (const file of filesOf(parts)) {
    await table.step(`test/vagrant/${file}`, () => runTests(file));
  }
  for (const engine of parts.engines) {
    for (const lab of LABS) await table.step(`lab ${lab} on ${engine}`, () => runLab(lab, engine));
  }
  return table.print();
}

/** Of test/vagrant. What is typed by hand does not depend on the engine. */
function filesOf({ engines, boxes }: Parts): readonly string[] {
  const byHand = engines.includes('lxc') ? ['by-hand', 'made-whole'] : [];
  return ['vagrantfile', 'error-texts', ...engines, ...byHand, ...(boxes ? ['box'] : [])];
}

/** What a file leaves behind makes it fail, and is removed for the next one. */
async function runTests(file: string): Promise<void> {
  let leftOver: string[] = [];
  try {
    await node('scripts/run-tests.js', [`vagrant/${file}`]);
  } finally {
    leftOver = await sweepLeftOverRooms();
    for (const line of leftOver) console.log(`left behind, removed: ${line}`);
  }
  if (leftOver.length > 0) throw new Error(`${leftOver.length} things were left behind`);
}

async function runLab(lab: string, engine: string): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'relais-labs-'));
  try {
    const machines = ['--machines', 'vagrant', '--engine', engine, '--instance', INSTANCE];
    await node('bin/lab.js', ['run', lab, ...machines], { LAB_HOME: home });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Its output is ours. It hears of Ctrl-C from us alone: a second signal would mean haste. */
function node(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const child = spawn(process.execPath, [path.join(root, 'dist', program), ...args], {
    cwd: root,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const passOn = (): void => void child.kill(interrupt.signal.reason as NodeJS.Signals);
  interrupt.signal.addEventListener('abort', passOn);
  return new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', code => {
      if (code === 0) resolve();
      else reject(new Error(`exit code ${code}`));
    });
  }).finally(() => interrupt.signal.removeEventListener('abort', passOn));
}

process.exitCode = await main(chooseParts(process.argv.slice(2)));
