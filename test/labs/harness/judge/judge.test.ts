/** Every probe: what passes, what fails, and what nobody can know. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HistoryRecord } from '../../../../labs/harness/history.ts';
import { judge } from '../../../../labs/harness/judge/judge.ts';
import type { Probe } from '../../../../labs/harness/probes.ts';
import type { Verdict } from '../../../../labs/harness/verdict.ts';
import {
  backend,
  breakerEvent,
  connected,
  context,
  lost,
  page,
  request,
  sample,
  threeMachines,
} from '../../../support/history-builder.ts';

function testVerdict(
  title: string,
  probe: Probe,
  records: readonly HistoryRecord[],
  kind: Verdict['kind'],
  because: RegExp,
): void {
  it(title, () => {
    const verdict = judge(probe, [...threeMachines, ...records], context);
    assert.equal(verdict.kind, kind, verdict.because);
    assert.match(verdict.because, because);
  });
}

const all = ['webapp1', 'webapp2', 'webapp3'];
const direct = { visitor: 'direct:webapp1' };

describe('served every', () => {
  const probe: Probe = { kind: 'served', by: 'every', machines: ['webapp1', 'webapp2'] };
  const both = [request(2_100), request(2_200, { machine: 'webapp2' })];
  testVerdict('passes once each has served', probe, both, 'pass', /webapp1 1, webapp2 1/);
  testVerdict('names the idle machine', probe, [request(2_100)], 'fail', /webapp2 served no/);
  testVerdict('is unknown without traffic', probe, [], 'unknown', /served no request/);
  const turnedAway = [lost(2_100, 'ECONNRESET', { visitor: 'bob' })];
  testVerdict('fails when nobody was served', probe, turnedAway, 'fail', /webapp1, webapp2 served/);
  const early = [request(2_100), request(2_001, { machine: 'webapp2', startedAt: 1_999 })];
  testVerdict('leaves out what began before', probe, early, 'fail', /webapp2 served no/);
  const stranger = [...both, request(2_300, { machine: 'webapp2', visitor: 'direct:webapp2' })];
  testVerdict('counts visitors only', probe, stranger, 'pass', /webapp2 1$/);
});

describe('served only', () => {
  const probe: Probe = { kind: 'served', by: 'only', machines: ['webapp1'] };
  const now = [request(2_300), request(2_400, { visitor: 'bob' })];
  testVerdict('passes when the latest of each agree', probe, now, 'pass', /everybody sees webapp1/);
  const before = [request(2_100, { machine: 'webapp2' }), ...now];
  testVerdict('forgets what was before', probe, before, 'pass', /webapp1/);
  const after = [...now, request(2_500, { visitor: 'bob', machine: 'webapp3', number: 7 })];
  testVerdict('names the stranger', probe, after, 'fail', /bob #7 was answered by webapp3/);
  const failed = [...now, lost(2_500, 'ECONNRESET', { visitor: 'bob', number: 8 })];
  testVerdict('a lost request is no service', probe, failed, 'fail', /bob #8 .* ECONNRESET/);
  testVerdict('waits for every visitor', probe, [request(2_300)], 'unknown', /bob/);
});

describe('served none', () => {
  const probe: Probe = { kind: 'served', by: 'none', machines: ['webapp1'] };
  const other = [request(2_100, { machine: 'webapp2' })];
  testVerdict('passes when others served', probe, other, 'pass', /none of 1 requests/);
  testVerdict('fails for one request', probe, [...other, request(2_900)], 'fail', /still went to/);
  testVerdict('is unknown without traffic', probe, [], 'unknown', /no request yet/);
  const late = [request(2_200, { startedAt: 1_990 }), ...other];
  testVerdict('forgives what had begun before', probe, late, 'pass', /none/);
});

describe('status', () => {
  const probe: Probe = { kind: 'status', code: 503 };
  const ouch = (at: number, visitor: string) => request(at, { visitor, status: 503 });
  const both = [ouch(2_100, 'alice'), ouch(2_200, 'bob')];
  testVerdict('passes when everybody gets it', probe, both, 'pass', /everybody gets 503/);
  testVerdict('names who does not', probe, [...both, request(2_300)], 'fail', /alice #1 got 200/);
  testVerdict('is unknown for a silent visitor', probe, [ouch(2_100, 'bob')], 'unknown', /alice/);
});

describe('no failed request', () => {
  const probe: Probe = { kind: 'no-failed-request' };
  const two = [request(1_100), request(2_200)];
  testVerdict('counts from the start of the step', probe, two, 'pass', /0 failed requests of 2/);
  const reset = [...two, lost(2_300, 'ECONNRESET', { number: 3 })];
  testVerdict(
    'names the first failure',
    probe,
    reset,
    'fail',
    /1 failed of 3.*alice #3.*ECONNRESET/,
  );
  const bad = [request(2_300, { status: 502 })];
  testVerdict('5xx is a failure', probe, bad, 'fail', /status 502/);
  const old = [...two, lost(1_100, 'ETIMEDOUT', { startedAt: -100 })];
  testVerdict('one that waited before is not of this step', probe, old, 'pass', /of 2/);
  const inFlight = [...two, lost(1_100, 'ECONNRESET', { startedAt: 990 })];
  testVerdict('one under way at the start is', probe, inFlight, 'fail', /1 failed of 3/);
  testVerdict('404 is an answer', probe, [request(2_300, { status: 404 })], 'pass', /of 1/);
  testVerdict('proves nothing without traffic', probe, [request(900)], 'unknown', /no request yet/);
});

describe('breaker', () => {
  const probe: Probe = { kind: 'breaker', state: 'open', machine: 'webapp2' };
  const open = sample(2_100, [backend('webapp2', { breaker: 'open' })]);
  testVerdict('is read from a sample', probe, [open], 'pass', /webapp2 is open/);
  const event = breakerEvent(2_100, 'breaker-opened', 'webapp2');
  testVerdict('is read from an event', probe, [event], 'pass', /open/);
  const closed = [open, breakerEvent(2_200, 'breaker-closed', 'webapp2')];
  testVerdict('the last word counts', probe, closed, 'fail', /webapp2 is closed/);
  const other = [breakerEvent(2_100, 'breaker-opened', 'webapp3')];
  testVerdict(
    'another backend says nothing',
    probe,
    other,
    'unknown',
    /said nothing about webapp2/,
  );
});

describe('backends', () => {
  const probe: Probe = { kind: 'backends', machines: ['webapp2', 'webapp1'] };
  const two = sample(2_100, [backend('webapp1'), backend('webapp2')]);
  testVerdict('passes whatever the order', probe, [two], 'pass', /webapp1, webapp2/);
  const leaving = sample(2_200, [backend('webapp1'), backend('webapp2', { admin: 'leaving' })]);
  testVerdict('a removed one has left', probe, [two, leaving], 'fail', /expected webapp1, webapp2/);
  testVerdict('is unknown before a sample', probe, [sample(1_500, [])], 'unknown', /not told/);
});

describe('address mistake', () => {
  const probe: Probe = { kind: 'address-mistake' };
  const twice = sample(2_100, [backend('webapp1'), backend('webapp2'), backend('webapp2')]);
  testVerdict('finds an address twice', probe, [twice], 'pass', /22:8080 appears twice/);
  const missing = sample(2_100, [backend('webapp1'), backend('webapp2')]);
  testVerdict('finds a missing machine', probe, [missing], 'pass', /webapp3 is in no cluster/);
  const right = sample(2_100, [backend('webapp1'), backend('webapp2'), backend('webapp3')]);
  testVerdict('finds nothing in a right list', probe, [right], 'fail', /no mistake/);
  testVerdict('is unknown before a sample', probe, [], 'unknown', /not told/);
});

describe('connect', () => {
  const probe: Probe = { kind: 'connect', machine: 'webapp2', outcomes: ['unreachable'] };
  const unreachable = [connected(1_500, 'webapp2', 'unreachable', 3_061)];
  testVerdict('tells outcome and time', probe, unreachable, 'pass', /unreachable after 3\.06\ss/);
  const silent = [...unreachable, connected(1_600, 'webapp2', 'silent', 5_000)];
  testVerdict('the latest counts', probe, silent, 'fail', /silent after 5\.00\ss/);
  const other = [connected(1_500, 'webapp1', 'refused', 0.2)];
  testVerdict('is unknown when not measured', probe, other, 'unknown', /webapp2 was not measured/);
});

describe('proxy never restarted', () => {
  const probe: Probe = { kind: 'proxy-never-restarted' };
  const same = [sample(100, []), sample(2_500, [], { workerPids: [102, 101] })];
  testVerdict('passes for the same processes', probe, same, 'pass', /100 \[101, 102\]/);
  const worker = [...same, sample(2_600, [], { workerPids: [101, 103] })];
  testVerdict('sees a new worker', probe, worker, 'fail', /then 100 \[101, 103\]/);
  const main = [...same, sample(2_600, [], { mainPid: 7 }), sample(2_700, [])];
  testVerdict('sees one that came and went', probe, main, 'fail', /then 7/);
  testVerdict('is unknown without news', probe, [sample(100, [])], 'unknown', /no recent sign/);
});

describe('direct', () => {
  const probe: Probe = { kind: 'direct', machine: 'webapp1' };
  const answer = request(2_100, direct);
  const seen = page(2_200, { url: 'http://localhost:9091/' });
  testVerdict('passes on the own port', probe, [answer, seen], 'pass', /port 9091: webapp1/);
  testVerdict('does not need a browser', probe, [answer], 'pass', /9091/);
  testVerdict('a page alone is not enough', probe, [seen], 'unknown', /9091 was not tried/);
  const swapped = [request(2_100, { ...direct, machine: 'webapp2' })];
  testVerdict('another machine is a failure', probe, swapped, 'fail', /from webapp2/);
  const refused = [lost(2_100, 'ECONNREFUSED', direct)];
  testVerdict('tells the error', probe, refused, 'fail', /ECONNREFUSED/);
  const wrongPage = [answer, page(2_200, { url: 'http://localhost:9091/', status: 500 })];
  testVerdict('the browser must agree', probe, wrongPage, 'fail', /status 500/);
});

describe('pages differ', () => {
  const probe: Probe = { kind: 'pages-differ', atLeast: 2 };
  const first = page(2_100);
  const second = { visitor: 'second browser' };
  const differ = [first, page(2_200, { ...second, machine: 'webapp2' })];
  testVerdict(
    'passes for two machines',
    probe,
    differ,
    'pass',
    /2 browsers at .* webapp1, webapp2/,
  );
  testVerdict('fails for one machine', probe, [first, page(2_200, second)], 'fail', /saw webapp1/);
  const direct2 = [
    first,
    page(2_200, { ...second, machine: 'webapp2', url: 'http://localhost:9092/' }),
  ];
  testVerdict('past the proxy does not count', probe, direct2, 'fail', /1 browsers .* saw webapp1/);
  testVerdict('is unknown unseen', probe, [page(1_500)], 'unknown', /no browser has looked/);
});

describe('page', () => {
  const probe: Probe = { kind: 'page', status: 503, text: 'Ouch', reason: 'in deployment' };
  const ouch = page(2_100, { status: 503, reason: 'in deployment', text: '😢 Ouch...' });
  testVerdict('passes for status, reason and text', probe, [ouch], 'pass', /503 in deployment/);
  testVerdict('fails for another status', probe, [{ ...ouch, status: 500 }], 'fail', /500/);
  testVerdict('fails for another reason', probe, [{ ...ouch, reason: 'x' }], 'fail', /503 x/);
  testVerdict('fails for another text', probe, [{ ...ouch, text: 'no' }], 'fail', /no/);
  const blog = page(2_200, { url: 'http://blog.localhost:9090/', text: 'the blog' });
  const atBlog: Probe = { kind: 'page', status: 200, text: 'blog', at: { host: 'blog.localhost' } };
  testVerdict('looks at its own place only', probe, [ouch, blog], 'pass', /503/);
  testVerdict('looks at another name', atBlog, [ouch, blog], 'pass', /the blog/);
  testVerdict('is unknown where nobody looked', atBlog, [ouch], 'unknown', /no browser/);
  const later = [ouch, page(2_200, { visitor: 'second browser' })];
  testVerdict('every browser must see it', probe, later, 'fail', /200 OK/);
  testVerdict('is unknown unseen', probe, [], 'unknown', /no browser has looked/);
});

describe('judge', () => {
  it('is unknown when a check crashes, never a pass', () => {
    const broken = page(2_100, { url: 'not a url' });
    const verdict = judge({ kind: 'page', status: 200, text: '' }, [broken], context);
    assert.equal(verdict.kind, 'unknown');
    assert.match(verdict.because, /crashed/);
  });

  it('speaks French when asked', () => {
    const verdict = judge({ kind: 'no-failed-request' }, [request(2_100)], {
      ...context,
      language: 'fr',
    });
    assert.equal(verdict.because, '0 requête en échec sur 1');
  });

  it('gives the same verdict again from written records', () => {
    const records = [...threeMachines, request(2_100), lost(2_200, 'ETIMEDOUT')];
    const read = JSON.parse(JSON.stringify(records)) as HistoryRecord[];
    const probe: Probe = { kind: 'served', by: 'every', machines: all };
    assert.deepEqual(judge(probe, read, context), judge(probe, records, context));
  });

  it('no verdict of "only" passes while a visitor’s latest answer is another machine’s', () => {
    const machine = fc.constantFrom('webapp1', 'webapp2');
    const visitor = fc.constantFrom('alice', 'bob');
    const arbitrary = fc.array(fc.record({ machine, visitor }), { maxLength: 30 });
    fc.assert(
      fc.property(arbitrary, answers => {
        const records = answers.map((answer, index) => request(2_100 + index, answer));
        const probe: Probe = { kind: 'served', by: 'only', machines: ['webapp1'] };
        const latest = new Map(answers.map(answer => [answer.visitor, answer.machine]));
        const expected = latest.size === 2 && [...latest.values()].every(one => one === 'webapp1');
        assert.equal(judge(probe, records, context).kind === 'pass', expected);
      }),
    );
  });
});
