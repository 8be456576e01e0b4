/** Adding and removing backends under clients, and the two ways to stop. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend, RawClient } from '../../support/raw-peer.ts';
import { get, LISTENER, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

function served(body: string): Promise<RawBackend> {
  return RawBackend.answering(() => answerOf(body));
}

describe('a removed backend', () => {
  it('gets no later request of a client that was using it, and loses its idle connections', async () => {
    const [old, fresh] = [await served('old'), await served('new')];
    test = await TestPlane.start({ backends: [old] });
    const client = await test.client();
    client.send(get());
    await client.until('old');
    test.addBackend('b1', fresh.address);
    test.removeBackend('b0', old.address);
    await old.abandoned();
    for (let i = 1; i <= 5; i++) {
      client.send(get());
      await client.until('new', i);
    }
    assert.equal(old.requests.length, 1);
    assert.deepEqual(test.kinds(), ['backend-drained']);
    assert.deepEqual(
      test.plane.snapshot().backends.map(backend => backend.backendId),
      ['b1'],
    );
    await fresh.close();
  });

  it('finishes the request that it has, then it is drained', async () => {
    let finish: (() => void) | undefined;
    const old = await RawBackend.answering((_, peer) => {
      finish = () => peer.send(answerOf('finished'));
      return undefined;
    });
    test = await TestPlane.start({ backends: [old] });
    const client = await test.client();
    client.send(get());
    await old.requested();
    test.removeBackend('b0', old.address);
    assert.equal(test.plane.snapshot().backends[0]?.admin, 'leaving');
    assert.deepEqual(test.kinds(), []);
    finish?.();
    await client.until('finished');
    assert.deepEqual(test.kinds(), ['backend-drained']);
    assert.deepEqual(test.plane.snapshot().backends, []);
    await old.abandoned();
  });

  it('that is added again while it drains is ready again', async () => {
    const old = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [old] });
    const client = await test.client();
    client.send(get());
    await old.requested();
    test.removeBackend('b0', old.address);
    test.addBackend('b0', old.address);
    const [backend, ...others] = test.plane.snapshot().backends;
    assert.equal(backend?.admin, 'ready');
    assert.equal(backend?.activeRequests, 1);
    assert.deepEqual(others, []);
  });

  it('loses no request under clients that never pause', async () => {
    const [old, fresh] = [await served('old'), await served('new')];
    test = await TestPlane.start({ backends: [old, fresh] });
    const clients = await Promise.all(Array.from({ length: 8 }, () => test.client()));
    let running = true;
    const visits = clients.map(async client => {
      let count = 0;
      while (running) {
        client.send(get());
        count++;
        await eventually('an answer', () => client.received.split('HTTP/1.1 200').length > count);
      }
      return client.received.match(/HTTP\/1\.1 (?!200)/g) ?? [];
    });
    for (let i = 0; i < 20; i++) {
      test.removeBackend('b0', old.address);
      const before = old.requests.length;
      await new Promise(resolve => setImmediate(resolve));
      test.addBackend('b0', old.address);
      assert.ok(old.requests.length - before <= clients.length);
    }
    running = false;
    assert.deepEqual((await Promise.all(visits)).flat(), []);
  });

  it('without its id is every backend of the cluster at the address', async () => {
    const old = await served('old');
    test = await TestPlane.start({ backends: [old] });
    test.addBackend('twin', old.address);
    test.apply({ kind: 'remove-backend', clusterId: 'web', address: old.address });
    assert.deepEqual(test.plane.snapshot().backends, []);
  });
});

describe('requests that contradict the tables', () => {
  it('are refused and change nothing', async () => {
    test = await TestPlane.start({});
    const frontend = { listener: LISTENER, hostname: 'web', path: '', clusterId: 'web' };
    const code = (request: Parameters<TestPlane['apply']>[0]): string => {
      const result = test.plane.apply(request);
      return result.ok ? 'ok' : result.error.code;
    };
    assert.equal(
      code({ kind: 'remove-backend', clusterId: 'web', address: '127.0.0.1:1' }),
      'PROXY_NOT_FOUND',
    );
    assert.equal(code({ kind: 'remove-cluster', clusterId: 'none' }), 'PROXY_NOT_FOUND');
    assert.equal(code({ kind: 'add-frontend', frontend }), 'PROXY_ALREADY_EXISTS');
    assert.equal(
      code({ kind: 'remove-frontend', frontend: { ...frontend, hostname: 'x' } }),
      'PROXY_NOT_FOUND',
    );
    await assert.rejects(test.plane.listen('127.0.0.1:1', {}), { code: 'PROXY_NOT_FOUND' });
  });
});

describe('drain', () => {
  it('accepts no more, answers idle clients once more, and ends with the last request', async () => {
    let finish: (() => void) | undefined;
    const backend = await RawBackend.answering((head, peer) => {
      if (!head.includes('/long')) return answerOf('short');
      finish = () => peer.send(answerOf('long'));
      return undefined;
    });
    test = await TestPlane.start({ backends: [backend] });
    const [idle, asking, waiting] = [await test.client(), await test.client(), await test.client()];
    idle.send(get());
    asking.send(get());
    await Promise.all([idle.until('short'), asking.until('short')]);
    waiting.send(get('/long'));
    await eventually('the long request is there', () => finish !== undefined);
    let ended = false;
    const drained = test.plane.drain().then(() => {
      ended = true;
    });
    await assert.rejects(RawClient.connect(test.port), { code: 'ECONNREFUSED' });
    asking.send(get());
    assert.match(await asking.ended(), /\r\nConnection: close\r\n[\s\S]*short$/);
    assert.doesNotMatch(await idle.ended(), /Connection: close/);
    assert.equal(ended, false);
    finish?.();
    assert.match(await waiting.ended(), /\r\nConnection: close\r\n[\s\S]*long$/);
    await drained;
  });
});

describe('stop', () => {
  it('ends everything now', async () => {
    const backend = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get());
    await backend.requested();
    test.plane.stop();
    assert.equal(await client.ended(), '');
    await backend.abandoned();
  });
});
