/** What keeps a backend busy, by name, and what a drain's deadline does to it and to nobody else. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { HolderCounts } from '../../../proxy/command/holders.ts';
import { NO_HOLDERS, totalOf } from '../../../proxy/command/holders.ts';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend, type RawClient } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const PLACE = { clusterId: 'web', backendId: 'b0' };
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n';
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: echo\r\n';
const POST = 'POST /form HTTP/1.1\r\nHost: web\r\nContent-Length: 10\r\n\r\n';

/** Begins long answers and never ends them, grants upgrades, keeps silent about everything else. */
function slow(): Promise<RawBackend> {
  return RawBackend.answering(head => {
    if (head.startsWith('GET /long')) return 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nbegin';
    return head.includes('Upgrade: echo') ? SWITCH : undefined;
  });
}

function drain(backend: RawBackend): void {
  const { address } = backend;
  test.apply({ kind: 'add-backend', backend: { ...PLACE, address, admin: 'drain' } });
}

function counts(some: Partial<HolderCounts>): HolderCounts {
  return { ...NO_HOLDERS, ...some };
}

/** One client of each kind at `b0`. */
async function oneOfEach(): Promise<Record<'get' | 'post' | 'upload' | 'long' | 'ws', RawClient>> {
  const send = async (text: string): Promise<RawClient> => (await test.client()).send(text);
  const clients = {
    get: await send(get('/wait?secret=1')),
    post: await send(`${POST}0123456789`),
    upload: await send(`${POST}0123`),
    long: await send(get('/long?of=bytes')),
    ws: await send(get('/chat', UPGRADE)),
  };
  await clients.long.until('begin');
  await clients.ws.until('\r\n\r\n');
  await test.reached('b0', 5);
  return clients;
}

describe('holders', () => {
  it('are told by kind, and those that may take long by name', async () => {
    const backend = await slow();
    test = await TestPlane.start({ backends: [backend] });
    const clients = await oneOfEach();
    const report = test.plane.holders(PLACE);
    assert.deepEqual(report.counts, { download: 1, upload: 1, request: 2, tunnel: 1 });
    await eventually('all of them are old', () => test.plane.holders(PLACE).long === 5);
    const { named } = test.plane.holders(PLACE);
    assert.deepEqual(
      named.map(({ kind, method, host, path }) => `${kind} ${method} ${host}${path}`).sort(),
      [
        'download GET web/long',
        'request GET web/wait',
        'request POST web/form',
        'tunnel GET web/chat',
        'upload POST web/form',
      ],
    );
    const long = named.find(({ kind }) => kind === 'download');
    assert.equal(long?.client, `127.0.0.1:${clients.long.socket.localPort}`);
    assert.equal(long?.bytesOut, clients.long.received.length);
    assert.ok((named[0]?.ageMs ?? 0) >= 1000);
    assert.deepEqual(test.plane.holders({ ...PLACE, backendId: 'b1' }).counts, NO_HOLDERS);
    assert.deepEqual(test.plane.holders({ ...PLACE, address: '127.0.0.1:1' }).counts, NO_HOLDERS);
  });

  it('are all requests in progress when no backend is named, at most twenty by name', async () => {
    const backends = [await slow(), await slow()];
    test = await TestPlane.start({ backends });
    for (let i = 0; i < 23; i++) {
      const client = await test.client();
      await client.send(get(`/${i}`, UPGRADE)).until('\r\n\r\n');
    }
    const idle = await test.client();
    const report = test.plane.holders();
    assert.deepEqual(report.counts, counts({ tunnel: 23 }));
    assert.equal(report.long, 23);
    assert.deepEqual(
      report.named.map(({ path }) => path),
      Array.from({ length: 20 }, (_, i) => `/${i}`),
    );
    assert.equal(idle.end, 'open');
  });
});

describe('in flight', () => {
  it('is what runs on backends that get no new request, and nothing else', async () => {
    const [old, fresh] = [await slow(), await slow()];
    test = await TestPlane.start({ backends: [old] });
    const clients = await oneOfEach();
    assert.deepEqual(test.plane.inFlight(), []);
    test.addBackend('b1', fresh.address);
    drain(old);
    const { address } = old;
    assert.deepEqual(test.plane.inFlight(), [{ ...PLACE, address, requests: 5 }]);
    test.removeBackend('b0', address);
    assert.deepEqual(test.plane.inFlight(), [{ ...PLACE, address, requests: 5 }]);
    for (const client of Object.values(clients)) client.close();
    await eventually('nothing is left', () => test.plane.inFlight().length === 0);
    await fresh.close();
  });
});

describe('a drain whose time is over', () => {
  it('cuts what cannot go elsewhere, moves what can, and touches nobody else', async () => {
    const old = await slow();
    const fresh = await RawBackend.answering(head =>
      head.includes(UPGRADE) ? SWITCH : answerOf('fresh'),
    );
    test = await TestPlane.start({ backends: [old] });
    const clients = await oneOfEach();
    test.addBackend('b1', fresh.address);
    drain(old);
    const stays = await test.client();
    await stays.send(get('/chat', UPGRADE)).until('\r\n\r\n');
    const report = test.plane.cutHolders(PLACE);
    assert.deepEqual(report, {
      counts: { download: 1, upload: 1, request: 1, tunnel: 1 },
      moved: 1,
    });
    assert.deepEqual(test.plane.inFlight(), []);
    assert.equal(test.events.at(-1)?.kind, 'backend-drained');

    await clients.get.until('fresh');
    assert.match(await clients.post.until('</html>'), /^HTTP\/1\.1 503 .*was drained/s);
    assert.match(await clients.upload.until('</html>'), /^HTTP\/1\.1 503 /);
    await clients.long.ended();
    assert.equal(clients.long.end, 'reset');
    await clients.ws.ended();
    assert.equal(stays.end, 'open');
    await old.abandoned();
    const { story } = test.plane.recall();
    assert.ok(story !== undefined);
    await fresh.close();
  });

  it('leaves the truth behind in what is remembered of the requests', async () => {
    const old = await slow();
    test = await TestPlane.start({ backends: [old] });
    const long = await test.client();
    await long.send(get('/long', 'X-Request-Id: download\r\n')).until('begin');
    const waits = await test.client();
    waits.send(get('/wait', 'X-Request-Id: waiting\r\nAccept: text/plain\r\n'));
    await test.reached('b0', 2);
    drain(old);
    const report = test.plane.cutHolders(PLACE);
    assert.deepEqual(report, { counts: counts({ download: 1, request: 1 }), moved: 0 });
    await waits.until('b0 was drained, and the deadline for that was over');
    await long.ended();
    const broken = test.plane.recall('download').story;
    assert.equal(broken?.complete, false);
    assert.equal(broken?.message, 'its backend was drained, and the deadline for that was over');
    const refused = test.plane.recall('waiting').story;
    assert.deepEqual([refused?.status, refused?.ownAnswer], [503, true]);
    assert.deepEqual(
      refused?.attempts.map(({ outcome }) => outcome),
      ['drained'],
    );
  });

  it('ends nothing on a backend that is ready again', async () => {
    const old = await slow();
    test = await TestPlane.start({ backends: [old] });
    await oneOfEach();
    assert.equal(totalOf(test.plane.cutHolders(PLACE).counts), 0);
    assert.equal(totalOf(test.plane.holders(PLACE).counts), 5);
  });

  it('lets go of an answer that was kept while another backend is asked', async () => {
    const old = await RawBackend.answering(() => 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n');
    const fresh = await slow();
    test = await TestPlane.start({ backends: [old], cluster: { retry: { onError: true } } });
    test.apply({
      kind: 'add-backend',
      backend: { clusterId: 'web', backendId: 'b1', address: fresh.address, backup: true },
    });
    const client = await test.client();
    client.send(get('/wait'));
    await test.reached('b1', 1);
    drain(old);
    assert.equal(test.plane.inFlight().length, 1);
    assert.deepEqual(test.plane.cutHolders(PLACE), { counts: NO_HOLDERS, moved: 1 });
    assert.deepEqual(test.plane.inFlight(), []);
    assert.equal(client.received, '');
    client.close();
    await fresh.abandoned();
    await fresh.close();
  });
});
