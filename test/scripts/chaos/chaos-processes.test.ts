/**
 * The short form of the chaos run: processes stand still, die and are replaced, under load. And the
 * control: a worker that leaves too early is found.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mainFaults } from '../../../scripts/chaos/faults/main-process.ts';
import { upgradeFaults } from '../../../scripts/chaos/faults/upgrades.ts';
import { workerFaults } from '../../../scripts/chaos/faults/workers.ts';
import { breakProxy } from '../../support/broken-proxy.ts';
import { chaos, skipChaos, testFaults } from '../../support/chaos-run.ts';

// Each of them mostly waits.
describe('chaos of processes', { skip: skipChaos, concurrency: 3 }, () => {
  testFaults([...workerFaults, ...upgradeFaults, ...mainFaults]);

  it('finds what a worker cuts that does not finish what it has, and exits 1', async () => {
    const broken = await breakProxy({
      file: 'worker/listener-table.js',
      from: 'await Promise.all(all.map(listener => listener.empty()));',
      to: '',
    });
    try {
      const run = chaos(['--short', '--only', 'worker-upgrade', '--proxy', broken.entry]);
      assert.equal(await run.exited, 1, run.stderr());
      assert.match(run.stdout(), /✘ worker-upgrade: \d+ × long: (cut|incomplete)/);
    } finally {
      await broken.remove();
    }
  });
});
