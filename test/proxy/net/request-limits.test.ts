/** Limits of requests: which are answered 429, with which Retry-After, and when there is room again. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Cluster, Listener } from '../../../proxy/command/requests.ts';
import { eventually } from '../../support/eventually.ts';
import { answerOf, type BackendPeer, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const waiting: BackendPeer[] = [];

/** `/hold` is answered by `answerHeld`. */
async function start(cluster: Partial<Cluster>, listener: Partial<Listener> = {}): Promise<void> {
  waiting.length = 0;
  const backend = await RawBackend.answering((head, peer) => {
    if (!head.includes('/hold')) return answerOf('hi');
    waiting.push(peer);
    return undefined;
  });
  test = await TestPlane.start({ backends: [backend], cluster, listener });
}

function answerHeld(): void {
  for (const peer of waiting.splice(0)) peer.send(answerOf('held'));
}

function change(cluster: Partial<Cluster>): void {
  const base = { id: 'web', loadBalancing: 'round-robin', answers: {} } as const;
  test.apply({ kind: 'add-cluster', cluster: { ...base, ...cluster } });
}

function retryAfter(answer: string): number {
  const value = /^Retry-After: (\d+)\r$/m.exec(answer)?.[1];
  return value === undefined ? 0 : Number(value);
}

const limited = (): number => test.plane.snapshot().limits.limitedTotal;

describe('requests in progress of a cluster', () => {
  it('one more is 429, and another one is answered when one has ended', async () => {
    await start({ maxRequests: 2 });
    const [first, second, third] = [await test.client(), await test.client(), await test.client()];
    first.send(get('/hold'));
    second.send(get('/hold'));
    await eventually('two are at the backend', () => waiting.length === 2);
    third.send(get());
    const refused = await third.until('</html>');
    assert.match(refused, /^HTTP\/1\.1 429 /);
    assert.equal(retryAfter(refused), 60);
    assert.equal(third.end, 'open');
    answerHeld();
    await first.until('held');
    third.send(get());
    await third.until('hi');
    assert.equal(limited(), 1);
    const told = test.events.filter(event => event.kind === 'request-limit-reached');
    assert.deepEqual(
      told.map(({ clusterId, cause }) => [clusterId, cause]),
      [['web', 'cluster web takes 2 requests at once; more are answered 429']],
    );
    await second.until('held');
  });

  it('a client that goes away leaves no request behind', async () => {
    await start({ maxRequests: 1 });
    for (let i = 0; i < 5; i++) {
      const client = await test.client();
      client.send(get('/hold'));
      await eventually('it is at the backend', () => waiting.length === i + 1);
      client.close();
      await eventually('it has ended', () => test.plane.snapshot().activeRequests === 0);
    }
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), /^HTTP\/1\.1 200 /);
  });

  it('a change counts at once', async () => {
    await start({});
    const holder = await test.client();
    holder.send(get('/hold'));
    await eventually('it is at the backend', () => waiting.length === 1);
    change({ maxRequests: 1, retryAfterSeconds: 0 });
    const held = await test.client();
    held.send(get('/hold'));
    await eventually('one more is', () => waiting.length === 2);
    const refused = await test.ask(get('/', 'Connection: close\r\n'));
    assert.match(refused, /^HTTP\/1\.1 429 /);
    assert.doesNotMatch(refused, /Retry-After/);
    change({});
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), /^HTTP\/1\.1 200 /);
    answerHeld();
    await held.until('held');
    await holder.until('held');
  });

  it('a request with a body is refused without waiting for it', async () => {
    await start({ maxRequests: 1 });
    const holder = await test.client();
    holder.send(get('/hold'));
    await eventually('it is at the backend', () => waiting.length === 1);
    const refused = await test.ask('POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 9\r\n\r\nabc');
    assert.match(refused, /^HTTP\/1\.1 429 /);
    assert.match(refused, /^Connection: close\r$/m);
    answerHeld();
    await holder.until('held');
  });
});

describe('connections of a client to a cluster', () => {
  it('counts those that have asked, until they close', async () => {
    await start({ maxConnectionsPerIp: 2, retryAfterSeconds: 7 });
    const [first, second, third] = [await test.client(), await test.client(), await test.client()];
    for (const client of [first, second, first, second]) await client.send(get()).until('hi');
    third.send(get());
    assert.equal(retryAfter(await third.until('</html>')), 7);
    // Another cluster's limit is not this one's.
    third.send(get().replace('web', 'nowhere'));
    assert.match(await third.until('</html>', 2), /HTTP\/1\.1 404 /);
    first.close();
    await eventually('it is gone', () => test.plane.snapshot().clientConnections === 2);
    third.send(get());
    await third.until('hi');
  });

  it('a change counts at once', async () => {
    await start({ maxConnectionsPerIp: 1 });
    const [first, second] = [await test.client(), await test.client()];
    await first.send(get()).until('hi');
    await second.send(get()).until('</html>');
    change({ maxConnectionsPerIp: 2 });
    await second.send(get()).until('hi');
    change({});
    for (let i = 0; i < 3; i++) await (await test.client()).send(get()).until('hi');
  });
});

describe('requests per second', () => {
  it('of a cluster: the burst, then 429 with the time until the next one', async () => {
    await start({ requestRate: { perSecond: 0.1, burst: 3 } });
    const client = await test.client();
    for (let i = 1; i <= 3; i++) await client.send(get()).until('hi', i);
    const wait = retryAfter(await client.send(get()).until('</html>'));
    assert.ok(wait >= 5 && wait <= 10, `Retry-After: ${wait}`);
    change({ requestRate: { perSecond: 1000, burst: 3 } });
    await eventually('the new rate fills the bucket', async () => {
      const answer = await test.ask(get('/', 'Connection: close\r\n'));
      return answer.startsWith('HTTP/1.1 200 ');
    });
  });

  it('of a client: over all its connections to the listener', async () => {
    await start({}, { clientRate: { perSecond: 0.01, burst: 2 } });
    for (let i = 0; i < 2; i++) await (await test.client()).send(get()).until('hi');
    const refused = await test.ask(get('/', 'Connection: close\r\n'));
    assert.match(refused, /^HTTP\/1\.1 429 /);
    assert.ok(retryAfter(refused) > 60);
  });

  it('pipelined requests beyond the rate are answered in their order', async () => {
    await start({ requestRate: { perSecond: 0.01, burst: 2 } });
    const client = await test.client();
    client.send(get().repeat(5));
    const answers = await client.until('</html>', 3);
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(match => match[1]);
    assert.deepEqual(statuses, ['200', '200', '429', '429', '429']);
  });
});
