/** Runs the chaos run, in its short form where a fault is given. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { it } from 'node:test';
import type { Fault } from '../../scripts/chaos/fault.ts';
import type { Performance } from '../../scripts/chaos/perform.ts';

const program = path.resolve(import.meta.dirname, '../../scripts/chaos.js');

/** Reads connections and processes from there. */
export const skipChaos: string | false = process.platform !== 'linux' && 'needs /proc of Linux';

export interface ChaosRun {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function chaos(flags: readonly string[], env: NodeJS.ProcessEnv = {}): ChaosRun {
  const child = spawn(process.execPath, [program, ...flags], {
    env: { ...process.env, ...env, NO_COLOR: '1' },
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, exited, stdout: () => text.stdout, stderr: () => text.stderr };
}

/** One test for each. Only promises are judged, never speed. */
export function testFaults(faults: readonly Fault[]): void {
  for (const { name, about, shortTimes } of faults) {
    it(`costs no request: ${about} (${name})`, async () => {
      const run = chaos(['--short', '--json', '--only', name]);
      assert.equal(await run.exited, 0, run.stderr() + run.stdout());
      const [performed] = JSON.parse(run.stdout()) as Performance[];
      assert.equal(performed?.times, shortTimes);
      assert.ok((performed?.lanes.kept.requests ?? 0) > 0);
    });
  }
}
