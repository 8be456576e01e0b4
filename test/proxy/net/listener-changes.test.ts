/** What a changed listener means for connections that are open already. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Listener } from '../../../proxy/command/requests.ts';
import { eventually } from '../../support/eventually.ts';
import { RawBackend, RawClient } from '../../support/raw-peer.ts';
import { defaults, get, LISTENER, TestPlane } from '../../support/start-data-plane.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const POST = 'POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 10\r\n\r\n12345';

describe('an open connection', () => {
  let test: TestPlane;
  let heads: string[] = [];
  afterEach(() => test.stop());

  async function start(listener: Partial<Listener> = {}): Promise<RawClient> {
    heads = [];
    const backend = await RawBackend.start(peer => {
      if (peer.received.startsWith('POST') && !peer.received.endsWith('67890')) return;
      heads.push(peer.received);
      peer.received = '';
      peer.send(OK);
    });
    test = await TestPlane.start({ backends: [backend], listener });
    return test.client();
  }

  function change(listener: Partial<Listener>): void {
    test.apply({ kind: 'update-listener', listener: { ...defaults, ...listener } });
  }

  it('learns with its next request whose X-Forwarded-For is believed', async () => {
    const client = await start();
    const fields = 'X-Forwarded-For: 192.0.2.7\r\n';
    await client.send(get('/', fields)).until('ok');
    change({ trustedProxies: ['127.0.0.1'], realIp: 'send' });
    await client.send(get('/', fields)).until('ok', 2);
    change({});
    await client.send(get('/', fields)).until('ok', 3);
    const real = heads.map(head => /^X-Real-IP: (.*)\r$/m.exec(head)?.[1]);
    assert.deepEqual(real, [undefined, '192.0.2.7', undefined]);
  });

  it('gets a time limit for bodies that it did not have, and loses it again', async () => {
    const client = await start();
    await client.send(get()).until('ok');
    change({ bodyTimeoutMs: 50 });
    client.send(POST);
    assert.match(await client.ended(), /HTTP\/1\.1 408[\s\S]*not complete within 50 ms/);
    change({});
    const other = await test.client();
    other.send(POST);
    await eventually('the request is under way', () => test.plane.snapshot().activeRequests === 1);
    await other.send('67890').until('ok');
  });

  it('may send as long a body as the listener takes now', async () => {
    const client = await start();
    await client.send(get()).until('ok');
    change({ maxBodyBytes: 4 });
    assert.match(await client.send(POST).ended(), /HTTP\/1\.1 413[\s\S]*longer than 4 bytes/);
  });

  it('is answered with what the listener says now', async () => {
    const client = await start();
    await client.send('GET / HTTP/1.1\r\nHost: nobody\r\n\r\n').until('404');
    const answer = { status: 404, reason: 'Gone fishing', fields: [], body: '', keepAlive: true };
    change({ answers: { '404': answer } });
    await client.send('GET / HTTP/1.1\r\nHost: nobody\r\n\r\n').until('404 Gone fishing');
  });

  it('counts against a limit that was lowered below it', async () => {
    const first = await start();
    await first.send(get()).until('ok');
    const second = await test.client();
    await second.send(get()).until('ok');
    change({ maxConnections: 1 });
    await eventually('the listener is full', () => !test.plane.snapshot().limits.accepting);
    await second.send(get()).until('ok', 2);
    second.close();
    first.close();
    await eventually('there is room', () => test.plane.snapshot().limits.accepting);
  });

  it('of a listener that is removed gets one more answer, and a soft stop waits for it', async () => {
    const client = await start();
    await client.send(get()).until('ok');
    test.apply({ kind: 'remove-listener', address: LISTENER });
    await assert.rejects(RawClient.connect(test.port), { code: 'ECONNREFUSED' });
    let drained = false;
    const draining = test.plane.drain().then(() => {
      drained = true;
    });
    client.send(get().slice(0, 10));
    await eventually('the head has begun', () => test.plane.snapshot().clientConnections === 1);
    assert.equal(drained, false);
    assert.match(await client.send(get().slice(10)).ended(), /Connection: close/);
    client.close();
    await draining;
  });
});
