/** Visitors before servers that answer, stall, cut, truncate and leave. */
import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import type { RequestRecord } from '../../../labs/harness/history.ts';
import { startVisitors, type Visitors } from '../../../labs/visitors/visitors.ts';
import { eventually } from '../../support/eventually.ts';

type Recorded = Omit<RequestRecord, 'at'>;
type Answer = (socket: Socket, requestNumber: number) => void;

const complete =
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Relais-Machine: fox\r\nX-Relais-Version: v1\r\n\r\nhi';
const answerAtOnce: Answer = socket => socket.write(complete);

describe('startVisitors', () => {
  let server: Server | undefined;
  let visitors: Visitors | undefined;
  const sockets = new Set<Socket>();
  const heads: string[] = [];
  const records: Recorded[] = [];

  async function serve(answer: Answer): Promise<string> {
    let requests = 0;
    const listening = createServer(socket => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      socket.on('data', head => {
        heads.push(String(head));
        requests += 1;
        answer(socket, requests);
      });
    });
    server = listening;
    await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
  }

  function start(
    url: string,
    visitor: { perSecond?: number; keepAlive?: boolean; timeoutMs?: number } = {},
  ): Visitors {
    const { perSecond = 50, keepAlive = true, timeoutMs } = visitor;
    visitors = startVisitors({
      url,
      visitors: { alice: { perSecond, keepAlive } },
      record: request => records.push(request),
      now: () => performance.now(),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    return visitors;
  }

  const recorded = (count: number): Promise<true | undefined> =>
    eventually(`${count} requests recorded`, () => records.length >= count || undefined);

  /** The first record that came of one kind of answer. */
  async function firstRecord(answer: Answer, options: Parameters<typeof start>[1] = {}) {
    start(await serve(answer), options);
    await recorded(1);
    assert.ok(records[0]);
    return records[0];
  }

  afterEach(async () => {
    await visitors?.stop(0);
    for (const socket of sockets) socket.destroy();
    await new Promise<void>(resolve => (server ? server.close(() => resolve()) : resolve()));
    await eventually('connections closed', () => sockets.size === 0);
    [visitors, server] = [undefined, undefined];
    heads.length = 0;
    records.length = 0;
  });

  it('rests without a request under way, and asks again after it', async () => {
    const resting = start(await serve(answerAtOnce));
    await recorded(3);
    await resting.rest();
    const before = heads.length;
    assert.equal(records.length, before);
    resting.resume();
    await recorded(before + 3);
  });

  it('records who answered, how and when', async () => {
    const record = await firstRecord(answerAtOnce);
    const { startedAt, durationMs, ...rest } = record;
    assert.deepEqual(rest, {
      kind: 'request',
      visitor: 'alice',
      keepAlive: true,
      number: 1,
      requestId: 'alice-1',
      status: 200,
      machine: 'fox',
      version: 'v1',
      headers: { 'x-relais-machine': 'fox', 'x-relais-version': 'v1', 'content-length': '2' },
    });
    assert.ok(startedAt > 0 && durationMs > 0);
    assert.match(heads[0] ?? '', /user-agent: relais-visitor\/alice/i);
    assert.match(heads[0] ?? '', /x-request-id: alice-1\r\n/i);
  });

  it('counts requests from 1 without a gap', async () => {
    start(await serve(answerAtOnce));
    await recorded(5);
    await visitors?.stop();
    assert.deepEqual(
      records.map(record => record.number),
      records.map((_, index) => index + 1),
    );
    assert.equal(heads.length, records.length, 'every request sent is recorded');
  });

  it('keeps one connection with keep-alive, and opens one per request without', async () => {
    const seen = new Set<Socket>();
    const noteSocket: Answer = (socket, number) => {
      seen.add(socket);
      answerAtOnce(socket, number);
    };
    start(await serve(noteSocket), { perSecond: 20 });
    await recorded(5);
    await visitors?.stop();
    assert.equal(seen.size, 1);
    server?.close();

    seen.clear();
    heads.length = 0;
    records.length = 0;
    start(await serve(noteSocket), { perSecond: 20, keepAlive: false });
    await recorded(5);
    assert.ok(seen.size >= 5, `${seen.size} connections`);
    assert.match(heads[0] ?? '', /connection: close/i);
  });

  it('keeps its rate: what one answer costs does not delay the next request', async () => {
    start(await serve(socket => setTimeout(() => socket.write(complete), 150)), { perSecond: 20 });
    await recorded(6);
    const starts = records.map(record => record.startedAt).sort((a, b) => a - b);
    const [first = 0] = starts;
    const last = starts.at(-1) ?? 0;
    const closedLoopMs = 150 * (starts.length - 1);
    assert.ok(last - first < closedLoopMs, `${last - first} ms for ${starts.length} requests`);
  });

  it('has at most 4 requests under way, and records the wait of each', async () => {
    const waiting: Socket[] = [];
    start(await serve(socket => waiting.push(socket)), { perSecond: 100 });
    await eventually('4 requests under way', () => waiting.length === 4);
    const at = performance.now();
    await eventually('more moments pass', () => performance.now() - at > 100);
    assert.equal(waiting.length, 4);
    for (const socket of waiting) socket.write(complete);
    await recorded(4);
    assert.ok(records.slice(0, 4).every(record => record.durationMs > 50 && record.status === 200));
  });

  it('calls an answer cut short incomplete, and still names the machine', async () => {
    const record = await firstRecord(socket =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Relais-Machine: fox\r\n\r\nhal'),
    );
    assert.equal(record.error, 'incomplete');
    assert.equal(record.machine, 'fox');
    assert.equal('status' in record, false);
  });

  it('calls a chunked answer without its last chunk incomplete', async () => {
    const record = await firstRecord(socket =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhal\r\n'),
    );
    assert.equal(record.error, 'incomplete');
  });

  it('records a connection reset before the answer', async () => {
    const record = await firstRecord(socket => socket.resetAndDestroy());
    assert.equal(record.error, 'ECONNRESET');
    assert.equal('status' in record, false);
  });

  it('records a connection closed before the answer', async () => {
    const record = await firstRecord(socket => socket.end());
    assert.equal(record.error, 'ECONNRESET');
  });

  it('tells a lost race on a reused connection from a reset of a new one, without asking again', async () => {
    start(
      await serve((socket, number) => {
        if (number === 2) socket.resetAndDestroy();
        else socket.write(complete);
      }),
      { perSecond: 20 },
    );
    await recorded(3);
    await visitors?.stop();
    assert.equal(records[1]?.error, 'ECONNRESET on a reused connection');
    assert.equal(records[2]?.status, 200, 'a new connection is opened next');
    assert.equal(heads.length, records.length, 'nothing is sent twice');
  });

  it('records a refused connection', async () => {
    const url = await serve(answerAtOnce);
    await new Promise(resolve => server?.close(resolve));
    server = undefined;
    start(url);
    await recorded(1);
    assert.equal(records[0]?.error, 'ECONNREFUSED');
  });

  it('records silence as ETIMEDOUT, before and within the answer', async () => {
    const silent = await firstRecord(() => {}, { timeoutMs: 200 });
    assert.equal(silent.error, 'ETIMEDOUT');
    assert.ok(silent.durationMs >= 190, `${silent.durationMs} ms`);
    await visitors?.stop(0);
    server?.close();
    records.length = 0;
    const halting = await firstRecord(
      socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal'),
      { timeoutMs: 200 },
    );
    assert.equal(halting.error, 'ETIMEDOUT');
  });

  it('records what is no HTTP as the parser calls it', async () => {
    const record = await firstRecord(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    assert.match(record.error ?? '', /^HPE_/);
  });

  it('waits for the last answer when it is stopped', async () => {
    const waiting: Socket[] = [];
    let mayAnswer = false;
    const url = await serve((socket, number) => {
      if (mayAnswer) answerAtOnce(socket, number);
      else waiting.push(socket);
    });
    const running = start(url, { perSecond: 100 });
    await eventually('a request is under way', () => waiting.length > 0);
    const stopped = running.stop();
    assert.equal(records.length, 0);
    mayAnswer = true;
    for (const socket of waiting) socket.write(complete);
    await stopped;
    assert.equal(records.length, heads.length, 'none is lost');
    assert.ok(records.every(record => record.status === 200));
  });

  it('sends nothing after it was stopped', async () => {
    const running = start(await serve(answerAtOnce), { perSecond: 100 });
    await recorded(2);
    await running.stop();
    const sent = heads.length;
    await eventually('connections closed', () => sockets.size === 0);
    assert.equal(heads.length, sent);
  });

  it('counts nothing as failed that it cut off itself', async () => {
    const waiting: Socket[] = [];
    const running = start(await serve(socket => waiting.push(socket)));
    await eventually('a request is under way', () => waiting.length > 0);
    await running.stop(50);
    assert.deepEqual(records, []);
  });

  it('presses the button of a page as who it was when the page came', async () => {
    const url = await serve(socket => {
      socket.write(complete.replace('\r\n\r\n', '\r\nSet-Cookie: who=fox; Path=/\r\n\r\n'));
    });
    const alice = { perSecond: 20, keepAlive: true, cookies: true, engages: { v1: 1 } };
    visitors = startVisitors({
      url,
      visitors: { alice },
      record: one => records.push(one),
      now: () => performance.now(),
    });
    await recorded(4);
    await visitors.stop();
    assert.match(heads[0] ?? '', /^GET \/ /);
    assert.match(
      heads[1] ?? '',
      /^POST \/engage [\s\S]*accept: application\/json[\s\S]*cookie: who=fox/i,
    );
    const told = records.map(({ number, engages }) => [number, engages]);
    assert.deepEqual(told.slice(0, 3), [
      [1, undefined],
      [2, true],
      [3, undefined],
    ]);
    assert.equal(heads.length, records.length);
  });

  it('refuses a rate that is none', () => {
    for (const perSecond of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1001]) {
      assert.throws(() => start('http://127.0.0.1:1/', { perSecond }), /visitor alice asks/);
    }
  });
});
