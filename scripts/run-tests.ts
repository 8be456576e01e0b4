/**
 * Runs the compiled tests with node:test. Arguments are parts of paths: `npm test -- http1` runs
 * what lies under a path with "http1" in it. Node 20 and 22 read folders and globs differently,
 * so the files are listed here.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { testEnvironment } from './setup/test-environment.ts';
import { getTestPrograms } from './setup/test-programs.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Tests of these folders take long and install programs: only `vagrant/` or `docker/` asks for them. */
const APART = ['vagrant/', 'docker/'];

/** For a test as for a whole file: those that run every lab take minutes. */
const LIMIT_MS = 1_200_000;

/** Files at a time. Much of what they do is waiting; of more than four, some would miss deadlines. */
const AT_ONCE = Math.min(4, availableParallelism() + 1);

async function testFiles(parts: readonly string[]): Promise<string[]> {
  const entries = await readdir(path.join(root, 'dist/test'), { recursive: true });
  return entries
    .filter(entry => entry.endsWith('.test.js'))
    .filter(entry => isWanted(entry.split(path.sep).join('/'), parts))
    .filter(entry => existsSync(path.join(root, 'test', entry.replace(/\.js$/, '.ts'))))
    .map(entry => path.join('dist/test', entry))
    .sort();
}

function isWanted(entry: string, parts: readonly string[]): boolean {
  const apart = APART.find(folder => entry.startsWith(folder));
  if (apart !== undefined)
    return parts.some(part => part.startsWith(apart) && entry.startsWith(part));
  return parts.length === 0 || parts.some(part => entry.includes(part));
}

const flags = process.argv.slice(2).filter(argument => argument.startsWith('--'));
const filters = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const files = await testFiles(filters);
if (files.length === 0) {
  console.error(
    `No test file matches ${filters.join(', ') || 'dist/test'}. Was the project built?`,
  );
  process.exit(2);
}
// The whole suite wants a browser and some programs; without one, its tests say that they are skipped.
if (filters.length === 0) {
  const setup = path.join(root, 'dist/scripts/setup.js');
  spawnSync(process.execPath, [setup], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  await getTestPrograms(line => console.log(line));
}
// Without a terminal Node 20 would print TAP, in which a failure is one of many thousand lines.
const chosen = flags.some(flag => flag.startsWith('--test-reporter'));
const reporter = chosen ? [] : ['--test-reporter=spec'];
const child = spawn(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${AT_ONCE}`,
    `--test-timeout=${LIMIT_MS}`,
    ...reporter,
    ...flags,
    ...files,
  ],
  { cwd: root, stdio: 'inherit', env: testEnvironment(process.env) },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', code => process.exit(code ?? 1));
