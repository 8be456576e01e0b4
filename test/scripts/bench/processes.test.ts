import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createCrew } from '../../../scripts/bench/crew.ts';
import { parseStat, usageOfTree } from '../../../scripts/bench/process-usage.ts';
import { eventually } from '../../support/eventually.ts';

/** A parent that prints the pid of a child which works for ever. */
const FAMILY = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'for (;;);']);
  console.log(child.pid);
  setInterval(() => {}, 1000);
`;

/** A process that ended may stay as a zombie: not every container's first process reaps orphans. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('parseStat', () => {
  it('reads a process whose name is a trap', () => {
    const text = '42 (a) R 7 (b) S 7 42 42 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 1 0 5 6 7';
    assert.deepEqual(parseStat(text), { pid: 42, parent: 7, cpuMicros: 2_000_000 });
  });

  it('refuses what is no process', () => {
    assert.equal(parseStat(''), undefined);
    assert.equal(parseStat('42 (a) R'), undefined);
  });
});

const notLinux = process.platform !== 'linux' && 'reads /proc';

describe('a crew', { skip: notLinux }, () => {
  it('is measured and dismissed with its children', async () => {
    const crew = createCrew();
    try {
      const parent = crew.start('family', { file: process.execPath, args: ['-e', FAMILY] });
      const child = await eventually('the child is there', () => Number(parent.words()));
      await eventually('the work of the child is counted', async () => {
        const usage = await usageOfTree(parent.pid);
        return usage && usage.cpuMicros > 300_000 && usage.rssBytes > 2 * 20 * 2 ** 20;
      });
      await crew.dismiss();
      assert.equal(parent.isRunning(), false);
      await eventually('the child is gone', () => !isAlive(child));
      assert.equal(await usageOfTree(parent.pid), undefined);
      assert.throws(
        () => crew.start('late', { file: process.execPath, args: [] }),
        /the run is over/,
      );
    } finally {
      await crew.dismiss();
    }
  });

  it('tells why a program failed', async () => {
    const crew = createCrew();
    const script = 'console.error("no luck"); process.exit(3)';
    await assert.rejects(crew.run('tool', { file: process.execPath, args: ['-e', script] }), {
      message: 'tool failed with 3: no luck',
    });
    await assert.rejects(
      crew.run('tool', { file: '/nowhere/relais-has-no-such-program', args: [] }),
      /not found/,
    );
    await crew.dismiss();
  });
});
