/**
 * Runs the compiled tests with node:test. Arguments are parts of paths: `npm test -- http1` runs
 * what lies under a path with "http1" in it. Node 20 and 22 read folders and globs differently,
 * so the files are listed here.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { getTestPrograms } from './setup/test-programs.ts';

const root = path.resolve(import.meta.dirname, '../..');

async function testFiles(parts: readonly string[]): Promise<string[]> {
  const entries = await readdir(path.join(root, 'dist/test'), { recursive: true });
  return entries
    .filter(entry => entry.endsWith('.test.js'))
    .filter(entry => parts.length === 0 || parts.some(part => entry.includes(part)))
    .filter(entry => existsSync(path.join(root, 'test', entry.replace(/\.js$/, '.ts'))))
    .map(entry => path.join('dist/test', entry))
    .sort();
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
const child = spawn(
  process.execPath,
  ['--test', '--test-concurrency=2', '--test-timeout=300000', ...flags, ...files],
  { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', code => process.exit(code ?? 1));
