/** Silence is counted in questions that were asked in vain. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { watchHeartbeat } from '../../../../proxy/master/workers/heartbeat.ts';
import { backoffMs } from '../../../../proxy/master/workers/restarts.ts';

function watched(test: TestContext) {
  test.mock.timers.enable({ apis: ['setTimeout'] });
  const now = { answers: true, silences: 0 };
  const never = new Promise<never>(() => {});
  const stop = watchHeartbeat({
    timeoutMs: 1000,
    ask: () => (now.answers ? Promise.resolve() : never),
    onSilence: () => {
      now.silences += 1;
    },
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      test.mock.timers.tick(250);
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { now, stop, pass };
}

describe('the heartbeat', () => {
  it('is content with whoever answers', async test => {
    const { now, pass } = watched(test);
    await pass(60_000);
    assert.equal(now.silences, 0);
  });

  it('tells a silence of the timeout once', async test => {
    const { now, pass } = watched(test);
    await pass(500);
    now.answers = false;
    await pass(1000);
    assert.equal(now.silences, 0);
    await pass(5000);
    assert.equal(now.silences, 1);
  });

  it('says nothing after it was stopped', async test => {
    const { now, stop, pass } = watched(test);
    now.answers = false;
    await pass(750);
    stop();
    await pass(5000);
    assert.equal(now.silences, 0);
  });
});

describe('restarts', () => {
  it('come at once, then ever later, at most after 5 s', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(backoffMs);
    assert.deepEqual(waits, [0, 0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });
});
