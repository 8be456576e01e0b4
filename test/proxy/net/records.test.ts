/** What is kept of requests: ids both ways, traces, one line for every kind of end. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, it, type TestContext } from 'node:test';
import type { Listener } from '../../../proxy/command/requests.ts';
import { eventually } from '../../support/eventually.ts';
import { quietPort } from '../../support/quiet-port.ts';
import { RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';
import { makeFolder } from '../../support/start-proxy.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const received = `00-${traceId}-00f067aa0ba902b7`;

let test: TestPlane;
afterEach(() => test.stop());

/** A backend that keeps every head it gets. */
async function recorder(answer = OK): Promise<{ backend: RawBackend; heads: string[] }> {
  const heads: string[] = [];
  const backend = await RawBackend.answering(head => {
    heads.push(head);
    return answer;
  });
  return { backend, heads };
}

describe('the request id', () => {
  const listener = { requestIdField: 'Sozu-Id' };

  it('goes both ways under both names, and is the client’s own when that is sane', async () => {
    const forged = OK.replace('\r\n', '\r\nsozu-id: forged\r\nX-Request-Id: forged\r\n');
    const { backend, heads } = await recorder(forged);
    test = await TestPlane.start({ listener, backends: [backend] });
    const client = await test.client();
    client.send(get('/', 'X-Request-Id: mine\r\nsozu-ID: other\r\n'));
    const answer = await client.until('ok');
    for (const head of [heads[0] ?? '', answer]) {
      assert.match(head, /\r\nX-Request-Id: mine\r\nSozu-Id: mine\r\n/);
      assert.doesNotMatch(head, /forged|other/);
    }
  });

  it('may come under the second name alone', async () => {
    const { backend, heads } = await recorder();
    test = await TestPlane.start({ listener, backends: [backend] });
    (await test.client()).send(get('/', 'Sozu-Id: theirs\r\n'));
    await eventually('the backend got it', () => heads.length === 1);
    assert.match(heads[0] ?? '', /\r\nX-Request-Id: theirs\r\nSozu-Id: theirs\r\n/);
  });

  it('stands in the proxy’s own answers, too', async () => {
    test = await TestPlane.start({ listener });
    const answer = await test.ask(get('/', 'X-Request-Id: mine\r\nConnection: close\r\n'));
    assert.match(answer, /^HTTP\/1\.1 503/);
    assert.match(answer, /\r\nSozu-Id: mine\r\n/);
  });

  it('takes no name that means something else', async () => {
    const { backend, heads } = await recorder();
    test = await TestPlane.start({ listener: { requestIdField: 'Host' }, backends: [backend] });
    (await test.client()).send(get('/'));
    await eventually('the backend got it', () => heads.length === 1);
    assert.equal(heads[0]?.match(/\r\nhost: /gi)?.length, 1);
  });
});

describe('the trace', () => {
  async function relayed(fields: string): Promise<string> {
    const { backend, heads } = await recorder();
    test = await TestPlane.start({ backends: [backend] });
    (await test.client()).send(get('/', fields));
    await eventually('the backend got it', () => heads.length === 1);
    return heads[0] ?? '';
  }

  for (const flags of ['00', '01']) {
    it(`goes on with its id, a new parent and the flags ${flags}`, async () => {
      const head = await relayed(`traceparent: ${received}-${flags}\r\ntracestate: a=1,b=2\r\n`);
      const sent = /\r\ntraceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-(\d\d)\r\n/.exec(head);
      assert.deepEqual([sent?.[1], sent?.[3]], [traceId, flags]);
      assert.notEqual(sent?.[2], '00f067aa0ba902b7');
      assert.match(head, /\r\ntracestate: a=1,b=2\r\n/);
    });
  }

  it('begins here only if the listener says so', async () => {
    const { backend, heads } = await recorder();
    test = await TestPlane.start({ listener: { createTrace: true }, backends: [backend] });
    (await test.client()).send(get('/1') + get('/2'));
    await eventually('the backend got both', () => heads.length === 2);
    const traces = heads.map(
      head => /\r\ntraceparent: 00-([0-9a-f]{32})-[0-9a-f]{16}-01\r\n/.exec(head)?.[1],
    );
    assert.ok(traces[0] !== undefined && traces[1] !== undefined && traces[0] !== traces[1]);
  });

  it('is not made up, and its state goes nowhere without it', async () => {
    const head = await relayed('traceparent: 00-nonsense\r\ntracestate: a=1\r\n');
    assert.doesNotMatch(head, /trace/i);
  });
});

describe('the access log', () => {
  type Line = Readonly<Record<string, unknown>>;

  async function start(
    context: TestContext,
    options: Parameters<typeof TestPlane.start>[0],
  ): Promise<(count: number) => Promise<Line[]>> {
    test = await TestPlane.start(options);
    const file = path.join(await makeFolder(context), 'access.log');
    test.apply({
      kind: 'configure',
      settings: { accessLog: { target: { file }, format: 'json' } },
    });
    return count =>
      eventually(`${count} lines`, () => {
        let text = '';
        try {
          text = readFileSync(file, 'latin1');
        } catch {
          return undefined;
        }
        const lines = text.split('\n').slice(0, -1);
        assert.ok(lines.length <= count, text);
        return lines.length === count ? lines.map(line => JSON.parse(line) as Line) : undefined;
      });
  }

  it('tells each request of a connection apart', async context => {
    const { backend } = await recorder();
    const lines = await start(context, { backends: [backend] });
    const client = await test.client();
    client.send(get('/1', 'User-Agent: a\r\n') + get('/2', 'Referer: b\r\n'));
    await client.until('ok', 2);
    const [one = {}, two = {}] = await lines(2);
    assert.deepEqual(
      [one['target'], one['user_agent'], one['referer'], one['client_reused']],
      ['/1', 'a', null, false],
    );
    assert.deepEqual(
      [two['target'], two['user_agent'], two['referer'], two['client_reused']],
      ['/2', null, 'b', true],
    );
    assert.deepEqual([one['backend_reused'], two['backend_reused']], [false, true]);
    assert.equal(one['client'], `127.0.0.1:${client.socket.localPort}`);
    assert.equal(one['bytes_in'], get('/1', 'User-Agent: a\r\n').length);
    assert.equal(Number(one['bytes_out']) + Number(two['bytes_out']), client.received.length);
  });

  const listener: Partial<Listener> = {
    requestTimeoutMs: 1000,
    clientRate: { perSecond: 0.001, burst: 1 },
    deny: [{ name: 'log4shell', pattern: 'jndi' }],
  };

  it('has what the proxy refused: 400, 408, 403, 404, 429, 431', async context => {
    const { backend } = await recorder();
    const lines = await start(context, { listener, backends: [backend] });
    await test.ask('BAD\r\n\r\n');
    await test.ask('GET / HTTP/1.1\r\nHost:');
    await test.ask(get('/jndi', 'Connection: close\r\n'));
    await test.ask('GET / HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n');
    await test.ask(get('/', 'Connection: close\r\n'));
    await test.ask(get('/', 'Connection: close\r\n'));
    await test.ask(get('/', `X: ${'y'.repeat(70_000)}\r\n`));
    const all = await lines(7);
    assert.deepEqual(
      all.map(line => line['status']),
      [400, 408, 403, 404, 200, 429, 431],
    );
    for (const line of all) {
      assert.equal(line['own_answer'], line['status'] !== 200, JSON.stringify(line));
      assert.equal(line['message'] === null, line['status'] === 200, JSON.stringify(line));
    }
    assert.equal(all[2]?.['message'], 'deny rule "log4shell"');
    assert.equal(all[2]?.['host'], 'web');
    assert.ok(Number(all[1]?.['duration_ms']) >= 1000);
  });

  it('has what nobody got an answer to', async context => {
    const backend = await RawBackend.answering(() => undefined);
    const lines = await start(context, { backends: [backend] });
    const client = await test.client();
    client.send(get('/slow'));
    await test.reached('b0', 1);
    client.close();
    const [line = {}] = await lines(1);
    assert.deepEqual(
      [line['status'], line['complete'], line['message']],
      [null, false, 'the client went away before it was answered'],
    );
  });

  it('has an answer that broke off', async context => {
    const backend = await RawBackend.start(peer => {
      peer.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok');
    });
    const lines = await start(context, { backends: [backend] });
    await test.ask(get('/'));
    const [line = {}] = await lines(1);
    assert.deepEqual(
      [line['status'], line['complete'], line['message']],
      [200, false, 'the backend broke its answer off'],
    );
    assert.equal(test.plane.recall().story?.attempts[0]?.outcome, 'cut');
  });

  it('tells why the backend was chosen, and what was tried before it', async context => {
    const { backend } = await recorder();
    const lines = await start(context, { backends: [backend] });
    const address = `127.0.0.1:${await quietPort()}`;
    test.addBackend('nobody', address);
    for (let n = 0; n < 2; n++) await test.ask(get('/', 'Connection: close\r\n'));
    const all = await lines(2);
    assert.deepEqual(
      all.map(line => [line['backend'], line['chosen_by'], line['chosen_among']]).sort(),
      [
        ['b0', 'round-robin', 1],
        ['b0', 'round-robin', 2],
      ],
    );
    const second = all.find(line => line['chosen_among'] === 1) ?? {};
    const [tried] = second['tries'] as Record<string, unknown>[];
    assert.deepEqual(
      [tried?.['backend'], tried?.['address'], tried?.['outcome'], second['attempts']],
      ['nobody', address, 'refused', 2],
    );
  });

  it('says that a cookie chose the backend', async context => {
    const { backend } = await recorder();
    const cluster = { stickySession: true };
    const lines = await start(context, { backends: [backend], cluster });
    await test.ask(get('/', 'Connection: close\r\nCookie: RELAISBALANCEID=b0\r\n'));
    const [line = {}] = await lines(1);
    assert.deepEqual([line['chosen_by'], line['chosen_among']], ['sticky-session', 1]);
  });

  it('names no choice where nobody was left', async context => {
    const lines = await start(context, {});
    await test.ask(get('/', 'Connection: close\r\n'));
    const [line = {}] = await lines(1);
    assert.deepEqual([line['status'], line['chosen_by'], line['tries']], [503, null, null]);
  });

  it('has a tunnel when it ends', async context => {
    const { backend } = await recorder(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi',
    );
    const lines = await start(context, { backends: [backend] });
    const client = await test.client();
    client.send(get('/ws', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'));
    await client.until('hi');
    client.close();
    const [line = {}] = await lines(1);
    assert.deepEqual([line['status'], line['protocol']], [101, 'WS']);
    assert.equal(test.plane.recall().story, undefined);
  });

  it('ends when the settings say so', async context => {
    const { backend } = await recorder();
    const lines = await start(context, { backends: [backend] });
    await test.ask(get('/', 'Connection: close\r\n'));
    test.apply({ kind: 'configure', settings: {} });
    await test.ask(get('/', 'Connection: close\r\n'));
    await lines(1);
  });
});

describe('the metrics', () => {
  it('stay with the cluster and the version when a backend is removed', async () => {
    const { backend } = await recorder();
    test = await TestPlane.start({});
    const identity = { clusterId: 'web', backendId: 'b0', address: backend.address };
    test.apply({ kind: 'add-backend', backend: { ...identity, version: 'v1' } });
    await test.ask(get('/', 'Connection: close\r\n'));
    test.apply({ kind: 'remove-backend', ...identity });
    await test.ask(get('/', 'Connection: close\r\n'));
    const { clusters, backends, listeners } = test.plane.metrics();
    assert.deepEqual(backends, []);
    assert.deepEqual(
      clusters[0]?.gone.map(({ version, metrics }) => [version, metrics.traffic.requests]),
      [['v1', 1]],
    );
    assert.deepEqual(clusters[0]?.own.answers, { 503: 1 });
    assert.deepEqual(listeners[0]?.traffic.answers, { 200: 1, 503: 1 });
    assert.equal(listeners[0]?.activeRequests, 0);
    await backend.close();
  });
});
