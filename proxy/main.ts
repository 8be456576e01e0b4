#!/usr/bin/env node
/** The program `relais`: the only reader of arguments and environment. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const { version } = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'),
) as { version: string };

const EXIT_FAILURE = 1;
const FLUSH_DEADLINE_MS = 1_000;

// Nobody reads any more (`relais start | head -1`): that must not end the proxy.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const servesItself = process.argv.slice(2).some(word => word === 'start' || word === 'env');
const [{ run }, { countInheritedSockets }] = await Promise.all([
  import('./cli/program.ts'),
  import('./master/sockets/inherited-sockets.ts'),
  // Half of the code is needed to be a proxy, none of it to talk to one.
  servesItself && import('./cli/start.ts'),
]).catch((error: NodeJS.ErrnoException) => {
  // Node opens the files of a program all at once.
  if (error.code !== 'EMFILE') throw error;
  process.stderr.write('relais: a process may open too few files: run `ulimit -n 1024` before\n');
  process.exit(EXIT_FAILURE);
});

const exitCode = await run(process.argv.slice(2), {
  terminal: {
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
  },
  version,
  program: process.argv[1] ?? import.meta.filename,
  environment: process.env,
  columns: process.stdout.columns,
  inheritedSockets: countInheritedSockets(process.env, process.pid),
});
// What is written to a pipe may still be on its way, but a reader that stopped must not hold us.
setTimeout(() => process.exit(exitCode), FLUSH_DEADLINE_MS);
process.stdout.write('', () => process.exit(exitCode));
