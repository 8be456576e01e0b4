#!/usr/bin/env node
/** Entry of the command line `lab`: the only file of labs/ that reads the process's surroundings. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './cli/program.ts';

const root = path.resolve(import.meta.dirname, '../..');
const stop = new AbortController();

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Handlers stay: a second Ctrl-C must not end the program in the middle of cleaning up. */
let interruptions = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
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
    proxyEntry: LAB_PROXY_ENTRY || path.join(root, 'dist/proxy/main.js'),
    canAsk: process.stdin.isTTY === true && process.stdout.isTTY === true,
    terminal: {
      write: text => process.stdout.write(text),
      live,
      colour: process.stdout.isTTY === true && !NO_COLOR,
      columns: process.stdout.columns ?? 100,
    },
  },
  complain,
);
