/** Automatic saves: nothing is forgotten, nothing is written twice at once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AutomaticSave } from '../../../../proxy/master/files/automatic-save.ts';

class Bench {
  /** What is waited for, with how long. */
  readonly waiting: { callback: () => void; delayMs: number }[] = [];
  readonly problems: (string | undefined)[] = [];
  readonly saves: { end: () => void; fail: (error: Error) => void }[] = [];
  nowMs = 0;
  readonly automatic = new AutomaticSave({
    save: () => new Promise((end, fail) => void this.saves.push({ end, fail })),
    schedule: (callback, delayMs) => {
      const entry = { callback, delayMs };
      this.waiting.push(entry);
      return () => void this.waiting.splice(this.waiting.indexOf(entry), 1);
    },
    onProblem: why => void this.problems.push(why),
    now: () => this.nowMs,
  });

  /** The waiting is over. */
  async wake(): Promise<number> {
    const [entry] = this.waiting.splice(0, 1);
    entry?.callback();
    await settled();
    return entry?.delayMs ?? -1;
  }
}

/** Whatever was waiting for a promise has run. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

describe('AutomaticSave', () => {
  it('makes one save of many quick changes', async () => {
    const bench = new Bench();
    for (let change = 0; change < 5; change += 1) bench.automatic.changed();
    assert.equal(bench.waiting.length, 1);
    await bench.wake();
    assert.equal(bench.saves.length, 1);
    bench.saves[0]?.end();
    await settled();
    assert.equal(bench.waiting.length, 0);
  });

  it('saves again what changed during a save, later when a save takes long', async () => {
    const bench = new Bench();
    bench.automatic.changed();
    await bench.wake();
    bench.automatic.changed();
    assert.equal(bench.waiting.length, 0);
    bench.nowMs = 100;
    bench.saves[0]?.end();
    await settled();
    assert.equal(await bench.wake(), 900);
    assert.equal(bench.saves.length, 2);
  });

  it('tries again what failed, and tells the problem and its end once', async () => {
    const bench = new Bench();
    bench.automatic.changed();
    await bench.wake();
    bench.saves[0]?.fail(new Error('disk full'));
    await settled();
    await bench.wake();
    bench.saves[1]?.fail(new Error('disk full'));
    await settled();
    await bench.wake();
    bench.saves[2]?.end();
    await settled();
    assert.deepEqual(bench.problems, ['disk full', undefined]);
    assert.equal(bench.waiting.length, 0);
  });

  it('has saved everything when it is flushed', async () => {
    const bench = new Bench();
    bench.automatic.changed();
    await bench.wake();
    bench.automatic.changed();
    let isFlushed = false;
    const flushed = bench.automatic.flush().then(() => {
      isFlushed = true;
    });
    bench.saves[0]?.end();
    await settled();
    assert.deepEqual([bench.saves.length, isFlushed], [2, false]);
    bench.saves[1]?.end();
    await flushed;
    assert.equal(bench.waiting.length, 0);
    await bench.automatic.flush();
    assert.equal(bench.saves.length, 2);
  });

  it('gives up a flush that cannot be saved', async () => {
    const bench = new Bench();
    bench.automatic.changed();
    const flushed = bench.automatic.flush();
    await settled();
    bench.saves[0]?.fail(new Error('read-only'));
    await flushed;
    assert.deepEqual(bench.problems, ['read-only']);
    assert.equal(bench.waiting.length, 0);
  });
});
