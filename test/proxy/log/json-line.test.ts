import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { jsonLines } from '../../../proxy/log/json-line.ts';
import { LogClock } from '../../../proxy/log/log-clock.ts';
import { loggedRequest } from '../../support/logged-request.ts';

const listener = '127.0.0.1:8080';
const clock = new LogClock(
  () => Date.UTC(2026, 10, 20, 18, 0, 0, 500),
  () => 1500,
);
const write = jsonLines(3, clock);

function parsed(different: Parameters<typeof loggedRequest>[0]): Record<string, unknown> {
  return JSON.parse(write(loggedRequest(different), listener, 1004)) as Record<string, unknown>;
}

describe('jsonLines', () => {
  it('writes stable keys in a stable order', () => {
    const line = write(loggedRequest(), listener, 1004.0011);
    assert.equal(line.at(-1), '\n');
    assert.deepEqual(Object.entries(JSON.parse(line) as object), [
      ['time', '2026-11-20T18:00:00.004Z'],
      ['request_id', 'r-1'],
      ['trace_id', null],
      ['span_id', null],
      ['worker', 3],
      ['client', '127.0.0.1:50000'],
      ['listener', '127.0.0.1:8080'],
      ['client_ip', '127.0.0.1'],
      ['protocol', 'HTTP'],
      ['method', 'GET'],
      ['host', 'web.example'],
      ['target', '/a?b=c'],
      ['status', 200],
      ['bytes_in', 80],
      ['bytes_out', 1200],
      ['cluster', 'web'],
      ['backend', 'b1'],
      ['backend_address', '127.0.0.1:9001'],
      ['version', null],
      ['tags', null],
      ['attempts', 1],
      ['tries', null],
      ['chosen_by', 'round-robin'],
      ['chosen_among', 3],
      ['duration_ms', 4.001],
      ['connect_ms', 0.25],
      ['first_byte_ms', 3.5],
      ['client_reused', false],
      ['backend_reused', false],
      ['keep_alive', true],
      ['complete', true],
      ['own_answer', false],
      ['message', null],
      ['user_agent', 'curl/8.0'],
      ['referer', null],
    ]);
  });

  it('has the same keys for a request that could not even be read', () => {
    const refused = parsed({
      method: '',
      target: '',
      hostname: '',
      userAgent: '',
      status: 400,
      ownAnswer: true,
      cluster: undefined,
      backend: undefined,
      connectedAt: 0,
      answeredAt: 0,
      message: 'bad head',
    });
    assert.deepEqual(Object.keys(refused), Object.keys(parsed({})));
    assert.equal(refused['method'], null);
    assert.equal(refused['connect_ms'], null);
    assert.equal(refused['attempts'], 0);
  });

  it('names the backend that was asked last, its version, and counts every try', () => {
    const backend = {
      clusterId: 'web',
      backendId: 'b2',
      address: '127.0.0.1:9002',
      options: { version: 'v2' },
    };
    const tries = parsed({
      ownAnswer: true,
      status: 503,
      backend: undefined,
      chosenBy: '',
      attempts: [
        { backend, outcome: 'refused', durationMs: 0.25, status: 0 },
        { backend, outcome: 'error-answer', durationMs: 3, status: 503 },
      ],
    });
    assert.equal(tries['backend'], 'b2');
    assert.equal(tries['version'], 'v2');
    assert.equal(tries['attempts'], 2);
    const where = { backend: 'b2', address: '127.0.0.1:9002' };
    assert.deepEqual(tries['tries'], [
      { ...where, outcome: 'refused', status: null, duration_ms: 0.25 },
      { ...where, outcome: 'error-answer', status: 503, duration_ms: 3 },
    ]);
    assert.equal(tries['chosen_by'], null);
    assert.equal(tries['chosen_among'], null);
  });

  it('tells the first tries of very many, and counts them all', () => {
    const backend = { clusterId: 'web', backendId: 'b', address: '127.0.0.1:9002' };
    const one = { backend, outcome: 'refused', durationMs: 0.1, status: 0 };
    const line = parsed({ attempts: Array.from({ length: 500 }, () => one) });
    assert.equal((line['tries'] as unknown[]).length, 12);
    assert.equal(line['attempts'], 501);
  });

  it('keeps tags of the frontend', () => {
    assert.deepEqual(parsed({ frontend: { tags: { team: 'a"é', empty: '' } } })['tags'], {
      team: 'a"é',
      empty: '',
    });
  });

  it('reads UTF-8 as text and everything else byte by byte', () => {
    const utf8 = Buffer.from('https://a/été ✓').toString('latin1');
    assert.equal(parsed({ referer: utf8 })['referer'], 'https://a/été ✓');
    assert.equal(parsed({ referer: 'caf\xe9' })['referer'], 'café');
  });

  it('writes one line of ASCII that parses, whatever a client sends', () => {
    const bytes = fc
      .uint8Array({ maxLength: 40 })
      .map(array => Buffer.from(array).toString('latin1'));
    const nasty = fc.oneof(
      bytes,
      fc.constantFrom('"', '\\', '\n{"forged":1}', '\r\n', '\u0000', '\\u0022'),
    );
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (target, userAgent, referer, message) => {
        const line = write(loggedRequest({ target, userAgent, referer, message }), listener, 1004);
        assert.match(line, /^[\x20-\x7e]+\n$/);
        const values = JSON.parse(line) as Record<string, string | null>;
        assert.equal(Object.keys(values).length, 35);
        for (const [key, sent] of Object.entries({ target, referer, user_agent: userAgent })) {
          const read = values[key] ?? '';
          const asText = Buffer.from(read, 'utf8').toString('latin1');
          assert.ok(read === sent || asText === sent, JSON.stringify([key, sent, read]));
        }
      }),
      { numRuns: 3000 },
    );
  });
});
