/** What a worker does when it is told what health checks found out. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

const CLOSE = 'Connection: close\r\n';

let test: TestPlane;
afterEach(() => test.stop());

function tell(backend: RawBackend, index: number, healthy: boolean, silent = false): void {
  const { address } = backend;
  const identity = { clusterId: 'web', backendId: `b${index}`, address };
  test.plane.setHealth([{ ...identity, healthy, silent }]);
}

async function pair(): Promise<[mute: RawBackend, good: RawBackend]> {
  const mute = await RawBackend.answering(head =>
    head.includes('/quick') ? answerOf('quick') : undefined,
  );
  const good = await RawBackend.answering(() => answerOf('good'));
  test = await TestPlane.start({ backends: [mute, good] });
  return [mute, good];
}

describe('an unhealthy backend', () => {
  it('gets no requests until it is healthy', async () => {
    const [mute] = await pair();
    tell(mute, 0, false);
    for (let i = 0; i < 4; i++) assert.match(await test.ask(get('/', CLOSE)), /good$/);
    assert.equal(mute.requests.length, 0);
    tell(mute, 0, true);
    await Promise.all([test.ask(get('/quick', CLOSE)), test.ask(get('/quick', CLOSE))]);
    assert.equal(mute.requests.length, 1);
  });

  it('that answers nothing loses the requests that another one may have, and its idle connections', async () => {
    const [mute, good] = await pair();
    const idle = await test.client();
    idle.send(get('/quick'));
    await idle.until('quick');
    const waiting = await test.client();
    const posting = await test.client();
    tell(good, 1, false);
    waiting.send(get('/waits'));
    posting.send('POST /waits HTTP/1.1\r\nHost: web\r\nContent-Length: 0\r\n\r\n');
    await eventually('both wait', () => mute.requests.length === 3);
    tell(good, 1, true);
    tell(mute, 0, false, true);
    await waiting.until('good');
    assert.equal(test.plane.snapshot().backends[0]?.idleConnections, 0);
    assert.equal(posting.received, '');
    const peer = mute.peers.find(each => !each.socket.destroyed);
    peer?.send(answerOf('late'));
    await posting.until('late');
    assert.equal(good.requests.length, 1);
    assert.deepEqual(test.plane.snapshot().retries, [], 'a frozen machine costs no budget');
  });

  it('keeps its requests when it does answer its checks, though with an error', async () => {
    const [mute] = await pair();
    const waiting = await test.client();
    waiting.send(get('/waits'));
    await mute.requested();
    tell(mute, 0, false);
    mute.peers[0]?.send(answerOf('after all'));
    await waiting.until('after all');
  });

  it('keeps its requests when there is no other', async () => {
    const mute = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [mute] });
    const waiting = await test.client();
    waiting.send(get('/waits'));
    await mute.requested();
    tell(mute, 0, false, true);
    mute.peers[0]?.send(answerOf('after all'));
    await waiting.until('after all');
  });

  it('gets a request back when the others cannot be reached', async () => {
    const mute = await RawBackend.answering(() => undefined);
    const gone = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [mute, gone.address] });
    const waiting = await test.client();
    waiting.send(get('/waits'));
    await mute.requested();
    await gone.close();
    tell(mute, 0, false, true);
    await eventually('it is asked again', () => mute.requests.length === 2);
    mute.peers.at(-1)?.send(answerOf('slow is better than nothing'));
    await waiting.until('slow is better than nothing');
  });

  it('gets requests when all are unhealthy, with one warning', async () => {
    const [mute, good] = await pair();
    tell(mute, 0, false);
    tell(good, 1, false);
    const answers = [
      await test.ask(get('/quick', CLOSE)),
      await test.ask(get('/quick', CLOSE)),
      await test.ask(get('/quick', CLOSE)),
    ];
    for (const answer of answers) assert.match(answer, /^HTTP\/1.1 200 /);
    assert.equal(test.kinds().filter(kind => kind === 'fail-open-entered').length, 1);
  });
});
