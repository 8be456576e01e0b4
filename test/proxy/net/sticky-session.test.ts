/** Visitors who stay with their backend, seen from both sides. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Backend, Cluster, Listener } from '../../../proxy/command/requests.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

interface Visit {
  readonly by: string;
  /** The Set-Cookie line of the answer. */
  readonly cookie: string | undefined;
}

const STICKY: Cluster = {
  id: 'web',
  loadBalancing: 'round-robin',
  answers: {},
  stickySession: true,
};

/** `count` backends that answer with their id, in a cluster with sticky sessions. */
async function start(
  count: number,
  cluster: Partial<Cluster> = {},
  listener: Partial<Listener> = {},
): Promise<RawBackend[]> {
  const backends = await Promise.all(
    Array.from({ length: count }, (_, index) => RawBackend.answering(() => answerOf(`b${index}`))),
  );
  test = await TestPlane.start({ backends, listener });
  test.apply({ kind: 'add-cluster', cluster: { ...STICKY, ...cluster } });
  return backends;
}

async function visit(cookie?: string): Promise<Visit> {
  const fields = cookie === undefined ? '' : `Cookie: ${cookie}\r\n`;
  const answer = await test.ask(get('/', `Connection: close\r\n${fields}`));
  return { by: answer.slice(-2), cookie: /^Set-Cookie: (.*)\r$/m.exec(answer)?.[1] };
}

function change(backend: RawBackend, backendId: string, options: Partial<Backend>): void {
  const { address } = backend;
  test.apply({
    kind: 'add-backend',
    backend: { clusterId: 'web', backendId, address, ...options },
  });
}

describe('a sticky session', () => {
  it('begins with a cookie and stays with its backend', async () => {
    await start(3);
    const first = await visit();
    assert.equal(first.cookie, `RELAISBALANCEID=${first.by}; Path=/; HttpOnly; SameSite=Lax`);
    for (let i = 0; i < 4; i++) {
      assert.deepEqual(await visit(`RELAISBALANCEID=${first.by}`), {
        by: first.by,
        cookie: undefined,
      });
    }
  });

  it('keeps its cookie from the backend, and nothing else', async () => {
    const [backend] = await start(1);
    await visit('a=1; RELAISBALANCEID="b0"; b=2');
    await visit('RELAISBALANCEID=b0');
    assert.match(backend?.requests[0] ?? '', /\r\nCookie: a=1; b=2\r\n/);
    assert.doesNotMatch(backend?.requests[1] ?? '', /cookie/i);
  });

  it('goes by the names and attributes of the configuration', async () => {
    const [first] = await start(2, { stickyAttributes: 'Secure' }, { stickyName: 'WHO' });
    assert.ok(first !== undefined);
    change(first, 'b0', { stickyId: 'blue;1' });
    const visits = [await visit(), await visit()];
    assert.deepEqual(visits.map(each => each.cookie).sort(), [
      'WHO=b1; Path=/; Secure',
      'WHO=blue%3B1; Path=/; Secure',
    ]);
    assert.deepEqual(await visit('WHO=blue%3B1'), { by: 'b0', cookie: undefined });
  });

  it('starts over with a cookie that names nobody', async () => {
    await start(2);
    const { by, cookie } = await visit('RELAISBALANCEID=gone');
    assert.match(cookie ?? '', new RegExp(`^RELAISBALANCEID=${by};`));
  });

  it('moves on with a new cookie when its backend refuses', async () => {
    const [first] = await start(2);
    await first?.close();
    const { by, cookie } = await visit('RELAISBALANCEID=b0');
    assert.equal(by, 'b1');
    assert.match(cookie ?? '', /^RELAISBALANCEID=b1;/);
  });

  it('moves on with a new cookie when the errors of its backend opened the breaker', async () => {
    const breaker = { errorPercent: 50, errorMinRequests: 3, firstWaitMs: 60_000 };
    await start(2, { breaker });
    const sick = await RawBackend.answering(() => answerOf('b9').replace('200 OK', '500 Oh'));
    test.apply({
      kind: 'add-backend',
      backend: { clusterId: 'web', backendId: 'b9', address: sick.address, weight: 0 },
    });
    for (let i = 0; i < 3; i++) assert.equal((await visit('RELAISBALANCEID=b9')).by, 'b9');
    const { by, cookie } = await visit('RELAISBALANCEID=b9');
    assert.match(by, /^b[01]$/);
    assert.match(cookie ?? '', new RegExp(`^RELAISBALANCEID=${by};`));
    await sick.close();
  });

  it('stays with a backend of weight 0, which gets nobody new', async () => {
    const [first] = await start(2);
    assert.ok(first !== undefined);
    change(first, 'b0', { weight: 0 });
    assert.deepEqual(await visit('RELAISBALANCEID=b0'), { by: 'b0', cookie: undefined });
    for (let i = 0; i < 3; i++) assert.equal((await visit()).by, 'b1');
  });

  it('leaves a backend that is removed', async () => {
    const [first] = await start(2);
    test.removeBackend('b0', first?.address ?? '');
    assert.equal((await visit('RELAISBALANCEID=b0')).by, 'b1');
  });

  it('is none where the cluster does not want it: cookies are the backend’s own', async () => {
    const [backend] = await start(1, { stickySession: false });
    assert.equal((await visit('RELAISBALANCEID=b0; a=1')).cookie, undefined);
    assert.match(backend?.requests[0] ?? '', /\r\nCookie: RELAISBALANCEID=b0; a=1\r\n/);
  });

  it('holds on one connection whose requests name different backends', async () => {
    await start(2);
    const client = await test.client();
    for (const [turn, id] of ['b0', 'b1', 'b1', 'b0'].entries()) {
      client.send(get('/', `Cookie: RELAISBALANCEID=${id}\r\n`));
      const received = await client.until('HTTP/1.1 200', turn + 1);
      assert.ok((await client.until(`${id}`, 1)).length >= received.length);
    }
    const bodies = client.received.match(/\r\n\r\nb\d/g)?.map(text => text.slice(-2));
    assert.deepEqual(bodies, ['b0', 'b1', 'b1', 'b0']);
    assert.doesNotMatch(client.received, /Set-Cookie/);
  });
});
