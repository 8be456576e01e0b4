import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createKnobBoard } from '../../sample-app/knob-board.ts';
import { HEALTHY } from '../../sample-app/knobs.ts';
import { admit, capacityNow, WORK_MS } from '../../sample-app/workload.ts';
import { type HelloEarth, startHelloEarth } from '../support/hello-earth.ts';

const WARM = 0;

describe('admit', () => {
  it('knows no load without a capacity', () => {
    assert.deepEqual(admit(HEALTHY, 10_000, WARM), { admitted: true, workMs: 0 });
    const slow = { ...HEALTHY, delayMs: 70 };
    assert.deepEqual(admit(slow, 10_000, WARM), { admitted: true, workMs: 70 });
  });

  it('works at full speed up to the capacity, slower beyond, and refuses beyond twice of it', () => {
    const knobs = { ...HEALTHY, capacity: 10 };
    assert.equal(admit(knobs, 0, WARM).workMs, WORK_MS);
    assert.equal(admit(knobs, 9, WARM).workMs, WORK_MS);
    assert.equal(admit(knobs, 14, WARM).workMs, 2.25 * WORK_MS);
    assert.equal(admit(knobs, 19, WARM).workMs, 4 * WORK_MS);
    assert.deepEqual(admit(knobs, 20, WARM), { admitted: false, workMs: 0 });
    assert.equal(admit({ ...knobs, delayMs: 100 }, 19, WARM).workMs, 400);
  });

  it('gets less done the fuller it is, and never works faster', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 998 }), (c, n) => {
        const knobs = { ...HEALTHY, capacity: c, delayMs: 1_000 };
        const [less, more] = [admit(knobs, n, WARM), admit(knobs, n + 1, WARM)];
        if (!more.admitted) return n + 2 > 2 * c;
        return less.admitted && more.workMs >= less.workMs;
      }),
    );
  });
});

describe('capacityNow', () => {
  it('grows from a tenth to all of it while the machine warms up', () => {
    const knobs = { ...HEALTHY, capacity: 20, warmUpMs: 1_000 };
    const at = (ms: number): number => Math.round(10 * capacityNow(knobs, ms)) / 10;
    assert.deepEqual([0, 500, 1_000, 9_000].map(at), [2, 11, 20, 20]);
  });

  it('is never less than one page', () => {
    assert.equal(capacityNow({ ...HEALTHY, capacity: 3, warmUpMs: 1_000 }, 0), 1);
  });
});

describe('createKnobBoard', () => {
  it('warms up from the start, and not again when a limit is set or all is reset', () => {
    let now = 100;
    const board = createKnobBoard({ normal: HEALTHY, atStart: HEALTHY }, () => now);
    now = 800;
    assert.equal(board.warmForMs(), 700);
    board.update({ capacity: 3 });
    board.reset();
    assert.equal(board.warmForMs(), 700);
  });
});

describe('a machine of limited capacity', () => {
  const visit = async (app: HelloEarth): Promise<{ status: number; ms: number }> => {
    const begun = performance.now();
    const response = await fetch(app.url);
    await response.text();
    return { status: response.status, ms: performance.now() - begun };
  };
  const crowd = (app: HelloEarth, size: number) =>
    Promise.all(Array.from({ length: size }, () => visit(app)));

  it('serves what it can, slows down, refuses the rest at once, and recovers', async test => {
    const app = await startHelloEarth({ KNOBS: '{"capacity":5,"delayMs":900}' });
    test.after(app.stop);
    const seen = await crowd(app, 25);
    const served = seen.filter(({ status }) => status === 200);
    const refused = seen.filter(({ status }) => status === 503);
    assert.equal(served.length + refused.length, 25);
    assert.ok(served.length >= 10 && refused.length >= 1, `${served.length} were served`);
    const slowest = Math.max(...served.map(({ ms }) => ms));
    assert.ok(slowest >= 3_500, `the slowest took ${slowest} ms, not four times as long`);
    assert.equal((await visit(app)).status, 200);
    assert.equal((await fetch(`${app.url}/status`)).status, 200);
  });

  it('is drowned by the traffic that it would bear when it is warm', async test => {
    const app = await startHelloEarth({ KNOBS: '{"capacity":20,"warmUpMs":600000,"delayMs":500}' });
    test.after(app.stop);
    const cold = await crowd(app, 20);
    assert.ok(cold.some(({ status }) => status === 503));
    const body = '{"warmUpMs":0}';
    await (await fetch(`${app.url}/knobs`, { method: 'POST', body })).text();
    const warm = await crowd(app, 20);
    assert.ok(warm.every(({ status }) => status === 200));
  });

  it('goes back to the knobs of its start', async test => {
    const app = await startHelloEarth({ KNOBS: '{"capacity":7}' });
    test.after(app.stop);
    await (await fetch(`${app.url}/knobs`, { method: 'POST', body: '{"capacity":1}' })).text();
    const reset = await fetch(`${app.url}/knobs`, { method: 'DELETE' });
    assert.deepEqual(await reset.json(), { ...HEALTHY, capacity: 7 });
  });
});
