/** Clients that leave at any time, alone or together: what was theirs is freed, and is counted right. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend, type RawClient } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
/** Its `stop` fails when a connection or a request is left, or is counted twice or below zero. */
afterEach(() => test.stop());

async function serves(): Promise<void> {
  const answer = await test.ask(get('/ordinary', 'Connection: close\r\n'));
  assert.match(answer, /^HTTP\/1\.1 200 /);
}

/** Answers at once, but holds what is asked for under `/wait`. */
function patientBackend(): Promise<RawBackend> {
  return RawBackend.answering(head => (head.includes(' /wait ') ? undefined : answerOf('served')));
}

/** What a client may do before it leaves, and how it leaves. */
const visits: readonly ((client: RawClient) => void)[] = [
  client => client.close(),
  client => client.socket.end(),
  client => client.send('GET / HT').close(),
  client => client.send('GET / HTTP/1.1\r\nHost: web\r\nContent-Le').socket.end(),
  client => client.send(get()).close(),
  client => client.send(get('/wait')).close(),
  client => client.send('POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 9\r\n\r\nhalf').close(),
  client => client.send(`${get()}${get()}`).socket.end(),
  client => client.send('\x16\x03\x01').close(),
];

describe('clients that leave', () => {
  it('as soon as they have come, in hundreds', async () => {
    test = await TestPlane.start({ backends: [await patientBackend()] });
    for (let round = 0; round < 20; round++) {
      const clients = await Promise.all(visits.map(() => test.client()));
      for (const [index, visit] of visits.entries()) visit(clients[index] as RawClient);
    }
    await serves();
    for (const client of test.clients) client.close();
    await eventually('only nobody is left', () => test.plane.snapshot().clientConnections === 0);
    assert.equal(test.plane.snapshot().activeRequests, 0);
    await serves();
  });

  it('behind some requests on a kept connection, in the middle of the next one', async () => {
    const backend = await patientBackend();
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    for (let number = 1; number <= 3; number++) {
      client.send(get());
      await client.until('served', number);
    }
    client.send(get('/wait'));
    await eventually('it has arrived', () => backend.requests.length === 4);
    client.close();
    await backend.abandoned();
    await eventually('it is not counted', () => test.plane.snapshot().activeRequests === 0);
    await serves();
  });

  it('all together while the backend works for them', async () => {
    const backend = await patientBackend();
    test = await TestPlane.start({ backends: [backend] });
    const clients = await Promise.all(Array.from({ length: 50 }, () => test.client()));
    for (const client of clients) client.send(get('/wait'));
    await eventually('all have arrived', () => backend.requests.length === 50);
    assert.equal(test.plane.snapshot().activeRequests, 50);
    for (const client of clients) client.close();
    await eventually('none is counted', () => {
      const { activeRequests, clientConnections, backends } = test.plane.snapshot();
      return activeRequests + clientConnections + (backends[0]?.activeRequests ?? 1) === 0;
    });
    await backend.abandoned();
    await serves();
  });

  it('by falling idle, while others are busy', async () => {
    const backend = await patientBackend();
    test = await TestPlane.start({ backends: [backend], listener: { frontTimeoutMs: 400 } });
    const idle = await Promise.all(Array.from({ length: 20 }, () => test.client()));
    for (const client of idle) client.send(get());
    await Promise.all(idle.map(client => client.until('served')));
    const busy = await test.client();
    for (let asked = 1; idle.some(client => client.end === 'open'); asked++) {
      busy.send(get());
      await busy.until('served', asked);
    }
    assert.equal(busy.end, 'open');
    await eventually('one is left', () => test.plane.snapshot().clientConnections === 1);
  });
});

describe('the counters', () => {
  it('hold when both backends fail in the middle of answers', async () => {
    const halves = await Promise.all(
      [1, 2].map(() =>
        RawBackend.answering((_, peer) => {
          peer.send('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf');
          setImmediate(() => peer.socket.resetAndDestroy());
          return undefined;
        }),
      ),
    );
    test = await TestPlane.start({ backends: halves });
    await Promise.all(Array.from({ length: 20 }, () => test.ask(get())));
    const { activeRequests, requestsTotal, backends } = test.plane.snapshot();
    assert.deepEqual([activeRequests, requestsTotal], [0, 20]);
    assert.deepEqual(
      backends.map(backend => backend.activeRequests),
      [0, 0],
    );
  });

  it('show a backend that refuses, and no error of a client', async () => {
    const gone = await patientBackend();
    const { address } = gone;
    await gone.close();
    test = await TestPlane.start({ backends: [address, await patientBackend()] });
    for (let asked = 0; asked < 20; asked++) await serves();
    const { answersTotal, backends } = test.plane.snapshot();
    assert.deepEqual(answersTotal, { 200: 20 });
    const [refusing, serving] = backends;
    assert.equal(serving?.requestsTotal, 20);
    assert.equal(refusing?.requestsTotal, 0);
    const failures = refusing?.connectFailuresTotal ?? 0;
    assert.ok(failures >= 1 && failures <= 6, `${failures} connect failures`);
  });
});
