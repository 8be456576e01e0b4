/** Relais passes every case, however the bytes are cut; a plain pipe must not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TestPlane } from '../../support/start-data-plane.ts';
import type { RequestCase } from './case.ts';
import { REQUEST_CASES } from './request-cases.ts';
import { runRequestCase } from './run-request-case.ts';
import type { Subject } from './subject.ts';
import { startPipe } from './tcp-pipe.ts';
import { Witness } from './witness.ts';

describe('requests', () => {
  let plane: TestPlane;
  let subject: Subject;

  before(async () => {
    const witness = await Witness.start();
    plane = await TestPlane.start({ backends: [`127.0.0.1:${witness.port}`] });
    subject = { name: 'relais', port: plane.port, witness, patienceMs: 5000 };
  });
  after(async () => {
    await plane.stop();
    await subject.witness.close();
  });

  for (const { category, cases } of REQUEST_CASES) {
    for (const split of ['whole', 'lines', 'bytes'] as const) {
      it(`${category}: ${cases.length} cases, sent in ${split}`, async () => {
        const failed: string[] = [];
        for (const test of cases) {
          const { kind, why } = await runRequestCase(subject, test, split);
          if (kind !== 'pass') failed.push(`${test.name} (${test.section}): ${why}`);
        }
        assert.deepEqual(failed, []);
      });
    }
  }
});

/** What no lenience excuses; a message that ends too early is no fault of a pipe. */
function isRefusedWhole({ refused, lenient, fin }: RequestCase): boolean {
  return refused !== undefined && lenient === undefined && !fin;
}

describe('a plain pipe', () => {
  it('fails every request that must be refused', async () => {
    const witness = await Witness.start();
    const pipe = await startPipe(witness.port);
    const subject: Subject = { name: 'pipe', port: pipe.port, witness, patienceMs: 100 };
    const missed: string[] = [];
    let failed = 0;
    for (const { category, cases } of REQUEST_CASES) {
      for (const test of cases) {
        const { kind } = await runRequestCase(subject, test, 'whole');
        if (kind === 'fail') failed++;
        else if (isRefusedWhole(test)) missed.push(`${category}: ${test.name}`);
      }
    }
    await pipe.close();
    await witness.close();
    assert.deepEqual(missed, []);
    const all = REQUEST_CASES.flatMap(({ cases }) => cases);
    const wanted = all.filter(isRefusedWhole).length;
    assert.ok(wanted > 700 && failed >= wanted, `${failed} of ${all.length}, wanted ${wanted}`);
  });
});
