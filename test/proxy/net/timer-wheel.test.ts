/** The wheel under a clock of its own: never early, hardly late, whatever is set and cleared. */
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { Timer, TimerWheel } from '../../../proxy/net/socket/timer-wheel.ts';

const TICK_MS = 50;

function simulate(
  run: (wheel: TimerWheel, advance: (ms: number) => void, now: () => number) => void,
): void {
  mock.timers.enable({ apis: ['setInterval'] });
  let now = 0;
  try {
    const wheel = new TimerWheel(() => now);
    const advance = (ms: number): void => {
      for (let passed = 0; passed < ms; passed += 10) {
        now += 10;
        mock.timers.tick(10);
      }
    };
    run(wheel, advance, () => now);
  } finally {
    mock.timers.reset();
  }
}

describe('a process that did nothing for long', () => {
  it('reads what came meanwhile before any deadline counts', () => {
    let now = 0;
    let tick = (): void => {};
    const wheel = new TimerWheel(
      () => now,
      action => {
        tick = action;
        return () => {};
      },
    );
    let isDue = false;
    wheel.set(
      new Timer(() => {
        isDue = true;
      }),
      1000,
    );
    now = 5000;
    tick();
    assert.equal(isDue, false, 'the reads come behind this tick');
    now = 5001;
    tick();
    assert.equal(isDue, true);
  });
});

describe('TimerWheel', () => {
  it('is due at its time, also beyond one turn of the wheel', () => {
    for (const delay of [1, 49, 50, 51, 1000, 25_600, 60_000]) {
      simulate((wheel, advance, now) => {
        let firedAt = -1;
        wheel.set(
          new Timer(() => {
            firedAt = now();
          }),
          delay,
        );
        advance(delay + 3 * TICK_MS);
        assert.ok(firedAt >= delay, `${delay}: ${firedAt} is early`);
        assert.ok(firedAt <= delay + 2 * TICK_MS, `${delay}: ${firedAt} is late`);
      });
    }
  });

  it('can be cleared, extended and brought forward', () => {
    simulate((wheel, advance, now) => {
      const fired: [string, number][] = [];
      const timer = (name: string): Timer => new Timer(() => fired.push([name, now()]));
      const [cleared, later, sooner] = [timer('cleared'), timer('later'), timer('sooner')];
      wheel.set(cleared, 100);
      wheel.set(later, 100);
      wheel.set(sooner, 5000);
      wheel.clear(cleared);
      wheel.extend(later, 1000);
      wheel.set(sooner, 200);
      advance(3000);
      assert.deepEqual(
        fired.map(([name]) => name),
        ['sooner', 'later'],
      );
      assert.ok((fired[0]?.[1] ?? 0) >= 200 && (fired[1]?.[1] ?? 0) >= 1000);
    });
  });

  it('can be set again by the one that is due', () => {
    simulate((wheel, advance) => {
      let count = 0;
      const timer: Timer = new Timer(() => {
        count++;
        if (count < 3) wheel.set(timer, 100);
      });
      wheel.set(timer, 100);
      advance(2000);
      assert.equal(count, 3);
    });
  });

  it('fires every timer once and none before its time, in any mixture', () => {
    const moves = fc.array(
      fc.record({
        kind: fc.constantFrom('set', 'set', 'extend', 'clear', 'wait'),
        index: fc.nat(4),
        ms: fc.integer({ min: 1, max: 40_000 }),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(moves, script => simulate((...world) => runScript(script, ...world))),
      {
        numRuns: 60,
      },
    );
  });
});

interface Move {
  readonly kind: string;
  readonly index: number;
  readonly ms: number;
}

function runScript(
  script: readonly Move[],
  wheel: TimerWheel,
  advance: (ms: number) => void,
  now: () => number,
): void {
  const due = new Map<number, number>();
  const onDue = (index: number): void => {
    assert.ok(now() >= (due.get(index) ?? Number.POSITIVE_INFINITY), 'set, and never early');
    due.delete(index);
  };
  const timers = Array.from({ length: 5 }, (_, index) => new Timer(() => onDue(index)));
  for (const { kind, index, ms } of script) {
    const timer = timers[index] as Timer;
    if (kind === 'wait') advance(ms % 3000);
    if (kind === 'clear') wheel.clear(timer);
    if (kind === 'set') wheel.set(timer, ms);
    if (kind === 'extend') wheel.extend(timer, ms);
    if (kind === 'clear') due.delete(index);
    if (kind === 'set' || kind === 'extend') due.set(index, now() + ms);
  }
  advance(40_000 + 4 * TICK_MS);
  assert.deepEqual([...due.keys()], [], 'all have fired');
}
