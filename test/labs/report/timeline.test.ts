/** The parts of the drawing: where marks stand, and that none hides a failure. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HistoryRecord, MachineRecord, RequestRecord } from '../../../labs/harness/history.ts';
import type { ProxyLog } from '../../../labs/report/evidence/proxy-log.ts';
import { tellRequests } from '../../../labs/report/evidence/told-requests.ts';
import { placeBadges } from '../../../labs/report/timeline/badges.ts';
import { drawTimeline } from '../../../labs/report/timeline/drawing.ts';
import { latencyScale } from '../../../labs/report/timeline/latency-scale.ts';
import { layOut } from '../../../labs/report/timeline/layout.ts';
import { letterOf } from '../../../labs/report/timeline/marks.ts';
import { momentsOf, outagesOf } from '../../../labs/report/timeline/moments.ts';
import { sortOf } from '../../../labs/report/timeline/proxy-lane.ts';
import { makeScale, ticks } from '../../../labs/report/timeline/scale.ts';
import { shapeAt } from '../../../labs/report/timeline/shapes.ts';
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

describe('latencyScale', () => {
  it('gives each power of ten the same height, and holds the longest', () => {
    const scale = latencyScale(
      [request(5, { durationMs: 3 }), request(9, { durationMs: 800 })],
      60,
    );
    assert.deepEqual(scale.lines, [1, 10, 100, 1_000]);
    assert.deepEqual([1, 10, 100, 1_000, 50_000].map(scale.height), [0, 20, 40, 60, 60]);
  });

  it('bears a run in which nothing took any time', () => {
    const scale = latencyScale([request(5, { durationMs: 0 })], 60);
    assert.equal(scale.height(0), 0);
    assert.ok(scale.lines.length >= 3);
  });
});

describe('marks', () => {
  const draw = (
    history: readonly HistoryRecord[],
    proxyLog: ProxyLog = new Map(),
    result = sampleResult,
  ): string => {
    const told = tellRequests(result, history, proxyLog);
    return drawTimeline(result, history, told, proxyLog).markup;
  };
  const many = Array.from({ length: 50_000 }, (_, index) =>
    request(1_000 + index / 5, { number: index + 1 }),
  );

  it('has a link for each request that the page tells, in its visitor’s and its machine’s lane', () => {
    const links = draw([request(1_000), request(2_000, { number: 2 })]).match(/href="#q\d"/g);
    assert.deepEqual(links?.sort(), ['href="#q1"', 'href="#q1"', 'href="#q2"', 'href="#q2"']);
  });

  it('merges those that would stand on each other and are not told one by one', () => {
    const markup = draw(many);
    assert.equal(markup.match(/<a /g)?.length, 1_000);
    assert.ok(markup.length < 300_000, `${markup.length} characters`);
  });

  it('never hides a failed request behind answered ones', () => {
    const lost = request(5_000, { status: 503, number: 60_000 });
    const { machine: _by, ...nobody } = lost;
    const markup = draw([...many, nobody].sort((a, b) => a.at - b.at));
    assert.match(markup, /class="failed"/);
    assert.match(markup, /alice #60000 · 5\.00.s · 503/);
  });

  it('has a shape of its own for every outcome', () => {
    const outcomes = ['answered', 'answered-elsewhere', 'refused', 'error', 'no-answer'] as const;
    assert.equal(new Set(outcomes.map(outcome => shapeAt(outcome, 0, 0, 4))).size, 5);
  });

  it('names machines by letters, as long as there are some', () => {
    const machines = Array.from({ length: 30 }, (_, index) => `webapp${index}`);
    assert.equal(letterOf('webapp0', machines), 'A');
    assert.equal(letterOf('webapp25', machines), 'Z');
    assert.equal(letterOf('webapp26', machines), '');
    assert.equal(letterOf(undefined, machines), '');
  });

  it('draws a line for a wait that can be seen', () => {
    const slow = request(4_000, { startedAt: 1_000, durationMs: 3_000 });
    assert.equal(draw([slow, request(5_000, { number: 2 })]).match(/class="wait"/g)?.length, 1);
  });
});

describe('sortOf', () => {
  it('tells trouble, recovery and change apart', () => {
    const kinds = ['breaker-opened', 'breaker-closed', 'breaker-half-opened', 'backend-added'];
    assert.deepEqual(kinds.map(sortOf), ['trouble', 'recovery', 'recovery', 'change']);
    const others = ['health-check-unhealthy', 'health-check-healthy', 'worker-exited'];
    assert.deepEqual(others.map(sortOf), ['trouble', 'recovery', 'trouble']);
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

describe('layOut', () => {
  it('has a lane for each machine, the proxy and each visitor, none above the other', () => {
    const layout = layOut(sampleHistory(), [], 0);
    assert.deepEqual(
      layout.machines.map(lane => lane.machine),
      ['webapp1', 'webapp2', 'webapp3', 'webapp-new1'],
    );
    assert.deepEqual(
      layout.visitors.map(({ visitor, keepAlive }) => [visitor, keepAlive]),
      [
        ['alice', false],
        ['bob', true],
      ],
    );
    const heights = [
      ...layout.machines.map(({ y }) => y),
      layout.proxyY,
      layout.eventsY,
      ...layout.visitors.flatMap(({ top, bottom }) => [top, bottom]),
      layout.bottom,
    ];
    assert.deepEqual(
      heights,
      [...heights].sort((a, b) => a - b),
    );
  });

  it('puts faults that overlap below each other, and reuses a row that is free', () => {
    const fault = (from: number, to: number) => ({ machine: 'webapp1', from, to, label: 'crash' });
    const { faults } = layOut(sampleHistory(), [fault(0, 10), fault(5, 20), fault(12, 15)], 0);
    const [first, second, third] = faults.map(({ y }) => y);
    assert.ok(first !== undefined && second !== undefined && second > first);
    assert.equal(third, first);
  });

  it('leaves out what the engine asked past the proxy', () => {
    assert.deepEqual(layOut([request(1, { visitor: 'direct:webapp1' })], [], 0).visitors, []);
  });

  it('holds every request exactly once', () => {
    const history = sampleHistory();
    const held = layOut(history, [], 0).visitors.flatMap(({ requests }) => requests);
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
  const told = tellRequests(sampleResult, sampleHistory(), new Map());

  it('has a strip for each step that was done, none for judgements of the whole run', () => {
    const [step] = sampleResult.steps;
    assert.ok(step);
    const throughout = { ...step, id: 'throughout', startedAt: 0, durationMs: 20_000 };
    const result = { ...sampleResult, steps: [...sampleResult.steps, throughout] };
    const { markup } = drawTimeline(result, sampleHistory(), told, new Map());
    assert.equal(markup.match(/<rect class="step /g)?.length, 3);
  });

  it('is well-formed and draws faults, answers, failures, waits, outages, events and moments', () => {
    const { markup } = drawTimeline(sampleResult, sampleHistory(), told, new Map());
    assertWellFormed(markup);
    const parts = ['mark f0', 'mark f1', 'failed', 'wait', 'outage', 'moment', 'absent', 'fault'];
    for (const part of [...parts, 'step even', 'event trouble']) {
      assert.ok(markup.includes(`class="${part}"`), part);
    }
    for (const fault of ['webapp1: power-off', 'webapp2: blackhole', 'webapp3: crash']) {
      assert.ok(markup.includes(`>${fault}</text>`), fault);
    }
  });
});
