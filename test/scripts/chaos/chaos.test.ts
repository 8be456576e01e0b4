/**
 * The short form of the chaos run: every change a few times, under load. And the control: a proxy that
 * is broken on purpose does not pass.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changeFaults } from '../../../scripts/chaos/faults/changes.ts';
import { drainFaults } from '../../../scripts/chaos/faults/drains.ts';
import { fileFaults } from '../../../scripts/chaos/faults/files.ts';
import { transactionFaults } from '../../../scripts/chaos/faults/transactions.ts';
import { allFaults } from '../../../scripts/chaos/faults.ts';
import { breakProxy } from '../../support/broken-proxy.ts';
import { chaos, skipChaos, testFaults } from '../../support/chaos-run.ts';
import { eventually } from '../../support/eventually.ts';
import { watchResidue } from '../../support/no-residue.ts';

const changes = [...changeFaults, ...transactionFaults, ...fileFaults, ...drainFaults];

// Each of them mostly waits.
describe('chaos', { skip: skipChaos, concurrency: 3 }, () => {
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

  testFaults(changes);

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
