/** Explanations against what a worker really does with the same state and the same request. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Explain } from '../../../../proxy/command/control-requests.ts';
import type { ExplainContent } from '../../../../proxy/command/explanation.ts';
import type { Frontend, StateRequest } from '../../../../proxy/command/requests.ts';
import { explain } from '../../../../proxy/master/answers/explain.ts';
import { reportBackends } from '../../../../proxy/master/answers/reports.ts';
import { apply } from '../../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../../proxy/state/config-state.ts';
import { answerOf, RawBackend } from '../../../support/raw-peer.ts';
import { defaults, LISTENER, TestPlane } from '../../../support/start-data-plane.ts';

let test: TestPlane;
let state: ConfigState;

function both(request: StateRequest): void {
  test.apply(request);
  alone(request);
}

function alone(request: StateRequest): void {
  const applied = apply(state, request);
  assert.ok(applied.ok, applied.ok ? '' : applied.error.message);
}

const frontend = (hostname: string, path: string, more: Partial<Frontend> = {}): StateRequest => ({
  kind: 'add-frontend',
  frontend: { listener: LISTENER, hostname, path, clusterId: 'web', ...more },
});

function explained(url: string, more: Partial<Explain> = {}): ExplainContent {
  const asked: Explain = { kind: 'explain', method: 'GET', url, ...more };
  const answers = [
    { workerId: 1, answer: { kind: 'ok', snapshot: test.plane.snapshot() } },
  ] as const;
  const result = explain(state, asked, reportBackends(state, answers, undefined));
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

function refusal(url: string, more: Partial<Explain> = {}): string {
  const result = explain(state, { kind: 'explain', method: 'GET', url, ...more }, []);
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'PROXY_REQUEST_INVALID');
  return result.error.message;
}

describe('explain', () => {
  beforeEach(async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const deny = [{ name: 'log4shell' }, { name: 'dotenv', pattern: '/\\.env' }];
    test = await TestPlane.start({ backends: [backend], listener: { deny } });
    state = emptyState();
    alone({ kind: 'add-listener', listener: { ...defaults, deny } });
    alone({
      kind: 'add-cluster',
      cluster: { id: 'web', loadBalancing: 'round-robin', answers: {} },
    });
    alone(frontend('web', ''));
    const { address } = backend;
    alone({ kind: 'add-backend', backend: { clusterId: 'web', backendId: 'b0', address } });
    both({ kind: 'add-cluster', cluster: { id: 'none', loadBalancing: 'random', answers: {} } });
    both(frontend('web', '/admin', { pathKind: 'segment', clusterId: null }));
    both(frontend('*.shop.example', '/x', { method: 'POST' }));
    both(frontend('/[a-c]+/.example', '/files/.*', { pathKind: 'regex' }));
    both(frontend('*', '/last', { position: 'post' }));
    both(frontend('*', '/first', { position: 'pre', clusterId: 'none' }));
  });
  afterEach(() => test.stop());

  const requests: readonly (readonly [method: string, host: string, target: string])[] = [
    ['GET', 'web', '/'],
    ['GET', 'WEB.', '/?x'],
    ['GET', 'web', '/admin/x'],
    ['GET', 'web', '/%61dmin'],
    ['GET', 'web', '/administration'],
    ['GET', 'web', '/x/../admin'],
    ['GET', 'web', '/.env'],
    ['GET', 'web', '/?q=%24%7Bjndi:x%7D'],
    ['GET', 'web', '/first/x'],
    ['POST', 'a.shop.example', '/x'],
    ['GET', 'a.shop.example', '/x'],
    ['GET', 'a.shop.example', '/last'],
    ['GET', 'abc.example', '/files/1?x'],
    ['GET', 'abd.example', '/files/1'],
    ['GET', 'abc.example', '/other'],
    ['GET', 'a b', '/'],
    ['GET', 'u@web', '/'],
    ['CONNECT', 'web', '/'],
    ['TRACE', 'web', '/'],
  ];
  for (const [method, host, target] of requests) {
    it(`says of ${method} ${host}${target} what happens`, async () => {
      const content = explained(target, { method, fields: [['Host', host]] });
      const answer = await test.ask(
        `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      const status = Number(answer.slice(9, 12));
      assert.equal(content.status === 0 ? 200 : content.status, status, content.outcome);
      const serving = content.frontends.filter(each => each.verdict === 'serves');
      assert.equal(serving.length > 0, [0, 401, 403, 503].includes(content.status));
    });
  }

  it('gives each frontend its verdict, in the order of asking', () => {
    const { frontends, outcome, cluster, backends } = explained('http://web/x');
    assert.equal(outcome, 'frontend web → cluster web → b0');
    assert.deepEqual(
      frontends.map(({ frontend: shown, verdict }) => [shown, verdict]),
      [
        ['*/first (pre)', 'other-path'],
        ['web/admin (segment)', 'other-path'],
        ['web', 'serves'],
        ['POST *.shop.example/x', 'other-host'],
        ['/[a-c]+/.example/files/.* (regex)', 'other-host'],
        ['*/last (post)', 'other-path'],
      ],
    );
    assert.deepEqual(cluster, { id: 'web', loadBalancing: 'round-robin', notes: [] });
    assert.deepEqual([backends[0]?.eligible, backends[0]?.reason], [true, 'eligible']);
  });

  it('says why a backend is not eligible', () => {
    const more = [
      { backendId: 'zero', address: '127.0.0.1:1', weight: 0 },
      { backendId: 'spare', address: '127.0.0.1:2', backup: true },
      { backendId: 'resting', address: '127.0.0.1:3', admin: 'drain' },
      { backendId: 'in repair', address: '127.0.0.1:4', admin: 'maint' },
    ] as const;
    for (const backend of more) {
      both({ kind: 'add-backend', backend: { clusterId: 'web', ...backend } });
    }
    const { backends } = explained('http://web/');
    assert.deepEqual(
      backends.map(({ backendId, reason }) => [backendId, reason]),
      [
        ['b0', 'eligible'],
        ['zero', 'weight 0: it gets no new request'],
        ['spare', 'a backup: others can serve'],
        ['resting', 'in drain: it only finishes what it has'],
        ['in repair', 'in maintenance: it only finishes what it has, and is not checked'],
      ],
    );
    const { status, outcome } = explained('http://web/first');
    assert.equal(status, 503);
    assert.equal(
      outcome,
      '503: frontend */first (pre) → cluster none, which has no eligible backend',
    );
  });

  it('says whom a sticky cookie and a key lead to', () => {
    const cluster = { id: 'web', loadBalancing: 'maglev', hashKey: 'host', answers: {} } as const;
    both({ kind: 'add-cluster', cluster: { ...cluster, stickySession: true } });
    const notes = (...cookies: string[]): readonly string[] | undefined =>
      explained('http://web/', { fields: cookies.map(each => ['Cookie', each]) }).cluster?.notes;
    assert.deepEqual(notes(), [
      'a visitor whose cookie RELAISBALANCEID names a backend stays there',
      'the same host leads to the same backend',
    ]);
    assert.match(notes('a=b; RELAISBALANCEID=b0')?.[0] ?? '', /names b0, which serves it as long/);
    assert.match(notes('RELAISBALANCEID=gone')?.[0] ?? '', /names no backend$/);
  });

  it('names the frontend that was meant, perhaps', () => {
    assert.match(
      explained('http://a.shop.example/x').nearest ?? '',
      /^POST .* but not this method$/,
    );
    assert.match(
      explained('http://ab.example/file').nearest ?? '',
      /has the host, but not the path$/,
    );
    alone(frontend('orders.example.org', ''));
    assert.match(
      explained('http://order.example.org/').nearest ?? '',
      /^orders\.example\.org; is the/,
    );
    assert.equal(explained('http://elsewhere.test/').nearest, undefined);
  });

  it('leaves out frontends of other hosts when there are many', () => {
    for (let i = 0; i < 100; i++) alone(frontend(`h${i}`, ''));
    const { frontends, omitted } = explained('http://web/');
    assert.equal(omitted, 100 + 2 - 20);
    assert.equal(frontends.length, 4 + 20);
  });

  it('finds the listener, or says which there are', () => {
    assert.equal(explained('http://web:1234/').listener, LISTENER);
    alone({ kind: 'add-listener', listener: { ...defaults, address: '127.0.0.1:81' } });
    assert.equal(explained('http://web:81/').listener, '127.0.0.1:81');
    assert.equal(
      explained('web', { listener: LISTENER }).outcome,
      'frontend web → cluster web → b0',
    );
    assert.match(refusal('http://web/'), /which listener\? .*127\.0\.0\.1:0, 127\.0\.0\.1:81/);
    assert.match(refusal('http://web/', { listener: '127.0.0.1:82' }), /did you mean "127/);
    assert.match(refusal('/x'), /which host\? Write http:\/\/HOST\/x/);
  });
});
