/**
 * The short form of the chaos run: every fault a few times, under load. Only promises are judged,
 * never speed. And the control: a proxy that is broken on purpose does not pass.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, it } from 'node:test';
import { allFaults } from '../../../scripts/chaos/faults.ts';
import type { Performance } from '../../../scripts/chaos/perform.ts';
import { breakProxy } from '../../support/broken-proxy.ts';
import { eventually } from '../../support/eventually.ts';
import { watchResidue } from '../../support/no-residue.ts';

const program = path.resolve(import.meta.dirname, '../../../scripts/chaos.js');
const skip = process.platform !== 'linux' && 'needs /proc of Linux';

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

function chaos(flags: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
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

// Each of them mostly waits.
describe('chaos', { skip, concurrency: 3 }, () => {
  it('refuses wrong flags with 2', async () => {
    for (const [flags, message] of [
      [['--fault', 'x'], /unknown option '--fault'/],
      [['--rate', 'fast'], /Give a number above 0/],
      [['--only', 'worker-hug'], /no fault "worker-hug": there are add-remove, /],
    ] as const) {
      const run = chaos(flags);
      assert.equal(await run.exited, 2, run.stderr());
      assert.match(run.stderr(), message);
    }
  });

  it('lists the faults', async () => {
    const run = chaos(['--list']);
    assert.equal(await run.exited, 0, run.stderr());
    for (const { name } of allFaults) assert.match(run.stdout(), new RegExp(`^${name} `, 'm'));
  });

  for (const { name, about, shortTimes } of allFaults) {
    it(`costs no request: ${about} (${name})`, async () => {
      const run = chaos(['--short', '--json', '--only', name]);
      assert.equal(await run.exited, 0, run.stderr() + run.stdout());
      const [performed] = JSON.parse(run.stdout()) as Performance[];
      assert.equal(performed?.times, shortTimes);
      assert.ok((performed?.lanes.kept.requests ?? 0) > 0);
    });
  }

  it('finds requests that reach a removed backend, and exits 1', async () => {
    const broken = await breakProxy({
      file: 'worker/apply-request.js',
      from: 'tables.clusters.takeOut(cluster, backend);',
      to: 'void backend;',
    });
    try {
      const run = chaos(['--short', '--only', 'add-remove', '--proxy', broken.entry]);
      assert.equal(await run.exited, 1, run.stderr());
      assert.match(run.stdout(), /✘ add-remove: \d+ requests began after a backend was removed/);
    } finally {
      await broken.remove();
    }
  });

  it('leaves nothing when it is interrupted', async () => {
    const watch = await watchResidue();
    const run = chaos(['--short', '--only', 'worker-kill', '--seconds', '60'], watch.env);
    await eventually('the fault is announced', () => run.stderr().includes('worker-kill:'), 30_000);
    run.child.kill('SIGINT');
    assert.equal(await run.exited, 130, run.stderr());
    await watch.assertNothingLeft();
  });
});
