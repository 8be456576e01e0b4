/** The probes of shares, machines, backends, events, single visitors, waits and processes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  FileComparison,
  HistoryRecord,
  RequestRecord,
} from '../../../../labs/harness/history.ts';
import { judge } from '../../../../labs/harness/judge/judge.ts';
import { createKit } from '../../../../labs/harness/kit.ts';
import type { Probe } from '../../../../labs/harness/probes.ts';
import { MOST_DECIDING, type Verdict } from '../../../../labs/harness/verdict.ts';
import {
  backend,
  breakerEvent,
  context,
  lost,
  request,
  sample,
  threeMachines,
} from '../../../support/history-builder.ts';

const { expect } = createKit<string>();

function judged(probe: Probe, records: readonly HistoryRecord[]): Verdict {
  return judge(probe, [...threeMachines, ...records], context);
}

function assertVerdict(
  probe: Probe,
  records: readonly HistoryRecord[],
  kind: Verdict['kind'],
  because: RegExp,
): void {
  const verdict = judged(probe, records);
  assert.equal(verdict.kind, kind, verdict.because);
  assert.match(verdict.because, because);
}

function requests(machines: readonly string[], fields: Partial<RequestRecord> = {}) {
  return machines.map((machine, index) =>
    request(2_100 + 10 * index, { machine, number: index + 1, ...fields }),
  );
}

describe('share', () => {
  const five = ['webapp1', 'webapp1', 'webapp2', 'webapp1', 'webapp1'];
  const probe = expect.share({ machine: 'webapp2' }, { percent: 20, requests: 5 });
  it('is exact', () => {
    assertVerdict(probe, requests(five), 'pass', /webapp2 had 20% \(1\/5\)/);
    assertVerdict(probe, requests([...five, 'webapp2']), 'fail', /40% .* expected 20%/);
  });
  it('counts the latest requests only, and waits for enough of them', () => {
    assertVerdict(probe, requests(['webapp2', ...five]), 'pass', /1\/5/);
    assertVerdict(probe, requests(five.slice(1)), 'unknown', /4 of the 5/);
  });
  it('gives and takes its tolerance, by version too', () => {
    const v1 = expect.share({ version: 'v1' }, { percent: 90, tolerance: 10, requests: 5 });
    assertVerdict(v1, requests(five), 'pass', /v1 had 100%/);
  });
});

describe('share among some requests', () => {
  const mixed = [
    request(2_100, { visitor: 'alice', version: 'v1' }),
    request(2_110, { visitor: 'bob', version: 'v2' }),
    request(2_120, { visitor: 'alice', version: 'v1' }),
    request(2_130, { visitor: 'bob', version: 'v2', status: 500 }),
  ];
  const two = { percent: 50, requests: 2 };
  it('counts those of the named visitors', () => {
    const bob = { ...two, percent: 100, among: { visitors: ['bob'] } };
    assertVerdict(expect.share({ version: 'v2' }, bob), mixed, 'pass', /v2 had 100% \(2\/2\)/);
  });
  it('counts what one version answered: its errors', () => {
    const errors = (version: 'v1' | 'v2') =>
      expect.share({ status: 500 }, { ...two, among: { version } });
    assertVerdict(errors('v2'), mixed, 'pass', /500 had 50%/);
    assertVerdict(errors('v1'), mixed, 'fail', /500 had 0%/);
    assertVerdict(errors('v2'), mixed.slice(0, 3), 'unknown', /1 of the 2/);
  });
});

describe('second proxy', () => {
  const probe = expect.secondProxy('v2', 20, 5);
  const asked = (versions: readonly string[]): HistoryRecord[] =>
    versions.map((version, index) =>
      request(2_100 + 10 * index, { visitor: 'direct:second-proxy', version, number: index + 1 }),
    );
  it('is exact over the latest requests', () => {
    assertVerdict(probe, asked(['v2', 'v1', 'v1', 'v2', 'v1', 'v1']), 'pass', /v2 answered 1 of 5/);
    assertVerdict(probe, asked(['v2', 'v1', 'v2', 'v1', 'v1']), 'fail', /2 of 5/);
  });
  it('waits for enough answers in a row, and for somebody to listen', () => {
    const refused = lost(2_050, 'ECONNREFUSED', { visitor: 'direct:second-proxy' });
    assertVerdict(probe, [refused], 'fail', /ECONNREFUSED/);
    assertVerdict(probe, [refused, ...asked(['v1', 'v1', 'v2', 'v1'])], 'unknown', /4 of the 5/);
    assertVerdict(probe, [], 'unknown', /not tried/);
  });
});

describe('machine and backend', () => {
  it('know state, version and failures', () => {
    const running = { state: 'running', version: 'v1', failure: 'none' } as const;
    assertVerdict(expect.machine('webapp1', running), [], 'pass', /running, v1/);
    assertVerdict(expect.machine('webapp1', { version: 'v2' }), [], 'fail', /running, v1/);
    assertVerdict(expect.machine('webapp1', { failure: 'slow' }), [], 'fail', /running/);
    assertVerdict(expect.machine('webapp9', { state: 'not-created' }), [], 'pass', /not created/);
    assertVerdict(expect.machine('webapp9', { state: 'running' }), [], 'fail', /never started/);
  });
  it('know what an app was told', () => {
    const [webapp1] = threeMachines.filter(one => one.kind === 'machine');
    assert.ok(webapp1);
    const sick = { ...webapp1, at: 2_100, knobs: { statusFailing: true } };
    const well = expect.machine('webapp1', { knobs: { statusFailing: false } });
    assertVerdict(well, [], 'pass', /running, v1/);
    assertVerdict(well, [sick], 'fail', /statusFailing=true/);
    assertVerdict(
      expect.machine('webapp1', { knobs: { statusFailing: true } }),
      [sick],
      'pass',
      /./,
    );
  });
  it('know weight, admin state and health', () => {
    const told = [sample(2_100, [backend('webapp1', { weight: 20, admin: 'drain' })])];
    assertVerdict(expect.backend('webapp1', { weight: 20 }), told, 'pass', /weight 20, drain/);
    assertVerdict(expect.backend('webapp1', { admin: 'ready' }), told, 'fail', /drain/);
    assertVerdict(expect.backend('webapp1', { failedConnects: 0 }), told, 'pass', /healthy$/);
    assertVerdict(expect.backend('webapp1', { failedConnects: 2 }), told, 'fail', /healthy$/);
    assertVerdict(expect.backend('webapp2', {}), told, 'fail', /no backend/);
    assertVerdict(expect.backend('webapp1', {}), [], 'unknown', /not told/);
  });
  it('know in which cluster a backend is', () => {
    const told = [sample(2_100, [backend('webapp1')])];
    assertVerdict(expect.backend('webapp1', { cluster: 'webapp' }), told, 'pass', /weight/);
    assertVerdict(expect.backend('webapp1', { cluster: 'blog' }), told, 'fail', /of blog/);
  });
});

describe('countdown', () => {
  const counted = (at: number, against: number, healthy = true) =>
    sample(at, [{ ...backend('webapp1', { healthy }), check: { against, needed: 3 } }]);
  it('needs a machine that is healthy still', () => {
    const probe = expect.countdown('webapp1', 2);
    assertVerdict(probe, [], 'unknown', /no health checks/);
    assertVerdict(probe, [counted(2_100, 1)], 'fail', /1\/3/);
    assertVerdict(probe, [counted(2_100, 2), counted(2_200, 0)], 'pass', /2\/3/);
    assertVerdict(probe, [counted(2_100, 2, false)], 'unknown', /no health checks/);
  });
});

describe('event', () => {
  it('is counted from the start of the step, about one machine or any', () => {
    const records = [breakerEvent(1_500, 'breaker-opened', 'webapp1')];
    assertVerdict(expect.event('breaker-opened'), records, 'pass', /1 time/);
    assertVerdict(
      expect.event('breaker-opened', { machine: 'webapp1' }),
      records,
      'pass',
      /1 time/,
    );
    assertVerdict(
      expect.event('breaker-opened', { machine: 'webapp2' }),
      records,
      'fail',
      /0 times/,
    );
    assertVerdict(expect.event('breaker-opened', { atLeast: 2 }), records, 'fail', /1 time/);
    const early = [breakerEvent(900, 'breaker-opened', 'webapp1')];
    assertVerdict(expect.event('breaker-opened'), early, 'fail', /0 times/);
  });
});

describe('sees, sticky, answered, waited', () => {
  const three = requests(['webapp1', 'webapp1', 'webapp1']);
  it('sees looks at one visitor’s latest requests', () => {
    assertVerdict(expect.sees('alice', { status: 200, machine: 'webapp1' }), three, 'pass', /200/);
    assertVerdict(expect.sees('alice', { version: 'v2' }), three, 'fail', /alice #3/);
    assertVerdict(expect.sees('bob', { status: 200 }), three, 'unknown', /0 of 3 requests of bob/);
  });
  it('sees tells sites apart', () => {
    const [shop, none] = [
      requests(['m', 'm', 'm'], { headers: { 'x-relais-site': 'shop' } }),
      three,
    ];
    assertVerdict(expect.sees('alice', { site: 'shop' }), shop, 'pass', /200/);
    assertVerdict(expect.sees('alice', { site: 'blog' }), shop, 'fail', /200/);
    assertVerdict(expect.sees('alice', { site: 'shop' }), none, 'fail', /200/);
  });
  it('sticky looks at the latest requests: somebody stays from some moment on', () => {
    const moved = requests(['webapp2', 'webapp1', 'webapp1']);
    assertVerdict(expect.sticky('alice', 2), moved, 'pass', /webapp1 2 times/);
    assertVerdict(expect.sticky('alice', 3), moved, 'fail', /webapp2, webapp1/);
  });
  it('sticky is broken by one stray', () => {
    assertVerdict(expect.sticky('alice', 3), three, 'pass', /webapp1 3 times/);
    assertVerdict(expect.sticky('alice', 4), three, 'unknown', /3 of 4/);
    const strays = requests(['webapp1', 'webapp2', 'webapp1']);
    const verdict = judged(expect.sticky('alice', 3), strays);
    assert.equal(verdict.kind, 'fail');
    assert.deepEqual(verdict.decidedBy, [strays[1]]);
  });
  it('answered counts a status in the step', () => {
    const limited = requests(['webapp1', 'webapp1'], { status: 429 });
    assertVerdict(expect.answered(429, 2), limited, 'pass', /2 of 2/);
    assertVerdict(expect.answered(429, 3), limited, 'fail', /2 of 2/);
  });
  it('waited knows the longest wait', () => {
    const waits = [...three, request(2_900, { durationMs: 700, visitor: 'bob', number: 9 })];
    assertVerdict(expect.waited({ atLeastMs: 500 }), waits, 'pass', /700.*bob #9/);
    assertVerdict(expect.waited({ atMostMs: 500 }), waits, 'fail', /700.*bob #9/);
    assertVerdict(expect.waited({ atMostMs: 500, visitor: 'alice' }), waits, 'pass', /alice/);
    assertVerdict(expect.waited({}), [], 'unknown', /no request/);
  });
});

describe('processes', () => {
  const pids = (mainPid: number, ...workerPids: number[]) => ({ mainPid, workerPids });
  const before = sample(900, [], pids(1, 2, 3));
  const cases = [
    ['the-same', pids(1, 3, 2)],
    ['new-workers', pids(1, 4, 5)],
    ['all-new', pids(6, 7, 8)],
  ] as const;
  for (const [are, after] of cases) {
    it(`${are} is told from the others`, () => {
      const records = [before, sample(2_100, [], after)];
      for (const [other] of cases) {
        assert.equal(
          judged(expect.processes(other), records).kind,
          other === are ? 'pass' : 'fail',
        );
      }
    });
  }
  it('one old worker is neither', () => {
    const records = [before, sample(2_100, [], pids(1, 2, 9))];
    for (const [are] of cases) assert.equal(judged(expect.processes(are), records).kind, 'fail');
  });
});

describe('what decided', () => {
  it('is bounded', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      request(2_100 + index, { status: 502, number: index }),
    );
    const { decidedBy } = judged(expect.noFailedRequest(), many);
    assert.equal(decidedBy?.length, MOST_DECIDING);
    assert.deepEqual(decidedBy?.[0], many[0]);
  });
});

describe('amplification', () => {
  const { amplification } = expect;
  function retried(asked: number, got: number): readonly HistoryRecord[] {
    const visits = Array.from({ length: asked }, (_, index) => request(2_200 + index));
    const told = (at: number, requestsTotal: number) =>
      sample(at, [backend('webapp1', { requestsTotal: 10 + requestsTotal })]);
    return [told(2_100, 0), ...visits, told(3_000, got)];
  }
  it('compares what machines got with what visitors asked', () => {
    const twice = retried(50, 100);
    assertVerdict(amplification({ atLeast: 1.9, atMost: 2.1 }), twice, 'pass', /50 .* 100 .*×2.00/);
    assertVerdict(amplification({ atMost: 1.4 }), twice, 'fail', /×2.00/);
    assertVerdict(amplification({ atLeast: 2.5 }), twice, 'fail', /×2.00/);
  });
  it('waits for enough requests', () => {
    assertVerdict(amplification({}), retried(10, 10), 'unknown', /too few/);
  });
});

describe('share of a status', () => {
  it('counts every answer, also those that no machine gave', () => {
    const answers = [request(2_100), request(2_110, { status: 503 })];
    const probe = expect.share({ status: 503 }, { percent: 50, requests: 2 });
    assertVerdict(probe, answers, 'pass', /503 had 50%/);
  });
});

describe('file', () => {
  const compared = (at: number, file: FileComparison) => [sample(at, [], { file })];

  it('says what runs, or something else', () => {
    const same = expect.file('what-runs');
    const other = expect.file('something-else');
    assertVerdict(same, compared(2_100, { changes: 0 }), 'pass', /would make 0 changes/);
    assertVerdict(other, compared(2_100, { changes: 0 }), 'fail', /would make 0 changes/);
    assertVerdict(same, compared(2_100, { changes: 1 }), 'fail', /would make 1 change$/);
    assertVerdict(other, compared(2_100, { changes: 1 }), 'pass', /would make 1 change$/);
  });
  it('that cannot be used is told', () => {
    const broken = compared(2_100, { problem: 'line 3: no such key' });
    assertVerdict(expect.file('what-runs'), broken, 'fail', /line 3: no such key/);
  });
  it('is unknown as long as nobody compared it since the step acted', () => {
    const before = compared(1_500, { changes: 0 });
    assertVerdict(expect.file('what-runs'), before, 'unknown', /not compared/);
  });
});
