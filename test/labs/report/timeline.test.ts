/** The parts of the drawing: where marks stand, and that none hides a failure. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HistoryRecord, MachineRecord, RequestRecord } from '../../../labs/harness/history.ts';
import { placeBadges } from '../../../labs/report/timeline/badges.ts';
import { drawTimeline } from '../../../labs/report/timeline/drawing.ts';
import { answeredPath, failedMarks, waitsPath } from '../../../labs/report/timeline/marks.ts';
import { momentsOf, outagesOf } from '../../../labs/report/timeline/moments.ts';
import { lanesOf } from '../../../labs/report/timeline/rows.ts';
import { makeScale, ticks } from '../../../labs/report/timeline/scale.ts';
import { stretchOf } from '../../../labs/report/timeline/stretch.ts';
import { assertWellFormed } from '../../support/well-formed.ts';
import { sampleHistory, sampleResult } from './sample-run.ts';

const request = (at: number, more: Partial<RequestRecord> = {}): RequestRecord => ({
  kind: 'request',
  visitor: 'alice',
  keepAlive: true,
  number: 1,
  startedAt: at - 1,
  durationMs: 1,
  at,
  status: 200,
  machine: 'webapp1',
  ...more,
});

const machine = (
  at: number,
  state: MachineRecord['state'],
  failures: MachineRecord['failures'] = [],
): MachineRecord => ({
  kind: 'machine',
  at,
  machine: 'webapp1',
  state,
  failures,
  address: '192.168.56.21:8080',
  version: 'v1',
});

describe('scale', () => {
  it('stays inside the drawing', () => {
    const scale = makeScale(100, 900, 1_000, 6_000);
    assert.deepEqual([-5, 1_000, 3_500, 6_000, 9_000].map(scale.x), [100, 100, 500, 900, 900]);
  });

  it('bears a run without length', () => {
    assert.equal(makeScale(100, 900, 0, 0).x(0), 100);
  });

  it('has at most eleven ticks, all inside', () => {
    const ms = fc.nat(1e8);
    fc.assert(
      fc.property(ms, ms, (one, other) => {
        const [startMs, endMs] = [Math.min(one, other), Math.max(one, other)];
        const all = ticks(startMs, endMs);
        assert.ok(all.length <= 11, `${all.length} ticks`);
        assert.ok(all.every(tick => tick >= startMs && tick <= endMs));
      }),
    );
  });

  it('ticks at round moments', () => {
    assert.deepEqual(ticks(11_000, 21_500), [12_000, 14_000, 16_000, 18_000, 20_000]);
  });
});

describe('stretchOf', () => {
  it('starts with the first step or request, at a whole second, and ends with the last', () => {
    const step = { kind: 'step', at: 11_647, step: 's', phase: 'start' } as const;
    assert.deepEqual(stretchOf([machine(3, 'running'), step, request(20_300)], 30_000), {
      startMs: 11_000,
      endMs: 20_300,
    });
  });

  it('is the whole run when nothing was done', () => {
    assert.deepEqual(stretchOf([], 4_000), { startMs: 0, endMs: 4_000 });
  });
});

describe('marks', () => {
  const scale = makeScale(0, 900, 0, 10_000);

  it('merges answers that would stand on each other', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => request(index / 5));
    const marks = answeredPath(many, 0, scale, 10).match(/M/g)?.length ?? 0;
    assert.ok(marks > 250 && marks <= 301, `${marks} marks`);
  });

  it('never merges a failed request into answered ones', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => request(index / 5));
    const failed = failedMarks([...many, request(5_000, { status: 503, number: 7 })], scale);
    assert.equal(failed.length, 1);
    assert.equal(failed[0]?.requests[0]?.number, 7);
  });

  it('takes a request without a complete answer, or with 5xx, for failed', () => {
    const { status: _, ...unanswered } = request(3_000, { error: 'ECONNRESET' });
    const all = [request(1_000, { status: 404 }), request(2_000, { status: 500 }), unanswered];
    assert.deepEqual(
      failedMarks(all, scale).map(mark => mark.requests[0]?.at),
      [2_000, 3_000],
    );
  });

  it('draws a line for a wait that can be seen', () => {
    const slow = request(4_000, { startedAt: 1_000, durationMs: 3_000 });
    assert.equal(waitsPath([slow, request(5_000)], scale, 10), 'M90 10H360');
  });
});

describe('momentsOf', () => {
  it('numbers actions, and machine changes that no action made', () => {
    const history: readonly HistoryRecord[] = [
      machine(0, 'running'),
      { kind: 'action', at: 100, step: 's', phase: 'start', command: 'lab down webapp1' },
      machine(120, 'poweroff', ['power-off']),
      { kind: 'action', at: 130, step: 's', phase: 'end', command: 'lab down webapp1' },
      machine(140, 'poweroff', ['power-off']),
      machine(5_000, 'running'),
    ];
    assert.deepEqual(momentsOf(history), [
      { at: 100, what: 'lab down webapp1' },
      { at: 5_000, what: 'webapp1: running' },
    ]);
  });
});

describe('outagesOf', () => {
  it('lasts from the failure to its end, or to the end of the run', () => {
    const history = [
      machine(0, 'running'),
      machine(100, 'running', ['freeze']),
      machine(150, 'running', ['freeze']),
      machine(200, 'running'),
      machine(300, 'poweroff'),
    ];
    assert.deepEqual(outagesOf(history, 400), [
      { machine: 'webapp1', from: 100, to: 200, label: 'freeze' },
      { machine: 'webapp1', from: 300, to: 400, label: 'poweroff' },
    ]);
  });
});

describe('lanesOf', () => {
  it('has a lane per visitor and a row per machine, in the same order', () => {
    const lanes = lanesOf(sampleHistory(), 0);
    assert.deepEqual(
      lanes.map(lane => [lane.visitor, lane.keepAlive]),
      [
        ['alice', false],
        ['bob', true],
      ],
    );
    for (const lane of lanes) {
      assert.deepEqual(
        lane.rows.map(row => row.machine),
        ['webapp1', 'webapp2', 'webapp3', 'webapp-new1', undefined],
      );
    }
  });

  it('leaves out what the engine asked past the proxy', () => {
    assert.deepEqual(lanesOf([request(1, { visitor: 'direct:webapp1' })], 0), []);
  });

  it('holds every request exactly once', () => {
    const history = sampleHistory();
    const held = lanesOf(history, 0).flatMap(lane => lane.rows.flatMap(row => row.requests));
    assert.equal(held.length, history.filter(({ kind }) => kind === 'request').length);
  });
});

describe('placeBadges', () => {
  it('lets none cover another as long as lines are free', () => {
    const moments = [0, 10, 20, 30, 40, 50, 5_000].map(at => ({ at, what: 'x' }));
    const badges = placeBadges(moments, makeScale(0, 900, 0, 10_000));
    assert.deepEqual(
      badges.map(({ number, line }) => [number, line]),
      [
        [1, 0],
        [2, 1],
        [3, 2],
        [4, 3],
        [5, 4],
        [6, 5],
        [7, 0],
      ],
    );
  });
});

describe('drawTimeline', () => {
  it('has a strip for each step that was done, none for judgements of the whole run', () => {
    const [step] = sampleResult.steps;
    assert.ok(step);
    const throughout = { ...step, id: 'throughout', startedAt: 0, durationMs: 20_000 };
    const steps = [...sampleResult.steps, throughout];
    const { markup } = drawTimeline({ ...sampleResult, steps }, sampleHistory());
    assert.equal(markup.match(/<rect class="step /g)?.length, 3);
  });

  it('is well-formed and draws answers, failures, waits, outages and moments', () => {
    const { markup } = drawTimeline(sampleResult, sampleHistory());
    assertWellFormed(markup);
    for (const part of ['mark', 'failed', 'wait', 'outage', 'moment', 'absent', 'step even']) {
      assert.ok(markup.includes(`class="${part}"`), part);
    }
  });
});
