#!/usr/bin/env node
/** Entry of the command line `lab`: the only file of labs/ that reads the process's surroundings. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isEnough, oldNodeMessage } from './doctor/oldest-node.ts';

const ENVIRONMENT = 4;
if (!isEnough(process.versions.node)) {
  process.stderr.write(oldNodeMessage(process.versions.node, process.env));
  process.exit(ENVIRONMENT);
}
// Not before: an older Node does not get as far as the check when it loads the rest.
const { runProgram } = await import('./cli/program.ts');

const root = path.resolve(import.meta.dirname, '../..');
const stop = new AbortController();

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Handlers stay: a second Ctrl-C must not end the program in the middle of cleaning up. */
let interruptions = 0;
/** Ctrl-Break is Windows' own; elsewhere nobody sends it. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) {
  process.on(signal, () => {
    interruptions += 1;
    if (interruptions === 1) complain('\nInterrupted: taking everything down…');
    else if (interruptions === 2) complain('Still taking everything down; this takes a moment.');
    stop.abort();
  });
}
/** Whoever read our output has gone (`lab run … | head`): nobody is told anything any more. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => stop.abort());
}

const { env } = process;
const { TERM, CI, NO_COLOR, LAB_HOME, LAB_PROXY_ENTRY } = env;
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};
const live = process.stdout.isTTY === true && TERM !== 'dumb' && CI === undefined;
process.exitCode = await runProgram(
  process.argv.slice(2),
  {
    env,
    version,
    signal: stop.signal,
    home: path.resolve(LAB_HOME || path.join(root, '.lab')),
    proxyEntry: LAB_PROXY_ENTRY || path.join(root, 'dist/bin/relais.js'),
    canAsk: process.stdin.isTTY === true && process.stdout.isTTY === true,
    streams: { input: process.stdin, output: process.stdout },
    terminal: {
      write: text => process.stdout.write(text),
      live,
      colour: process.stdout.isTTY === true && !NO_COLOR,
      columns: process.stdout.columns ?? 100,
    },
  },
  complain,
);
