/** A crowd is as large as it was told, and knows how everybody in it fares. */
import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Crowd, type CrowdReport } from '../../../labs/visitors/crowd.ts';
import { eventually } from '../../support/eventually.ts';

interface Door {
  readonly url: URL;
  readonly heard: string[];
  readonly sockets: Set<Socket>;
}

/** Answers as `decide` says; undefined: not at all. */
async function door(
  test: TestContext,
  decide: (number: number) => number | undefined,
): Promise<Door> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', data => {
      heard.push(data.toString());
      count += 1;
      const status = decide(count);
      if (status !== undefined) socket.write(`HTTP/1.1 ${status} x\r\ncontent-length: 0\r\n\r\n`);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { url: new URL(`http://localhost:${address.port}/`), heard, sockets };
}

function crowdAt(test: TestContext, url: URL): Crowd {
  const crowd = new Crowd({ url, from: '203.0.113.7' }, () => {});
  test.after(() => crowd.resize(0));
  return crowd;
}

async function becomes(crowd: Crowd, wanted: CrowdReport): Promise<void> {
  await eventually(`the crowd is ${JSON.stringify(wanted)}`, () => {
    const report = crowd.report();
    return JSON.stringify(report) === JSON.stringify(wanted);
  });
}

describe('Crowd', () => {
  it('is inside, waits, or is turned away, as it is answered', async test => {
    const { url, heard, sockets } = await door(test, number => {
      if (number <= 3) return 200;
      return number <= 5 ? 429 : undefined;
    });
    const crowd = crowdAt(test, url);
    crowd.resize(9);
    await becomes(crowd, { inside: 3, waiting: 4, turnedAway: 2, lost: 0 });
    await eventually('who was turned away has left', () => sockets.size === 7);
    assert.match(heard[0] ?? '', /^GET \/ HTTP\/1\.1\r\nHost: localhost:\d+\r\n/);
    assert.match(heard[0] ?? '', /\r\nX-Forwarded-For: 203\.0\.113\.7\r\n\r\n$/);
  });

  it('grows, shrinks and goes home; who leaves by itself is not lost', async test => {
    const { url, sockets } = await door(test, () => 200);
    const crowd = crowdAt(test, url);
    crowd.resize(2);
    await becomes(crowd, { inside: 2, waiting: 0, turnedAway: 0, lost: 0 });
    crowd.resize(5);
    await becomes(crowd, { inside: 5, waiting: 0, turnedAway: 0, lost: 0 });
    crowd.resize(1);
    assert.deepEqual(crowd.report(), { inside: 1, waiting: 0, turnedAway: 0, lost: 0 });
    await eventually('the others have left', () => sockets.size === 1);
    crowd.resize(0);
    await eventually('all have left', () => sockets.size === 0);
  });

  it('counts whoever is cut off or answered otherwise as lost', async test => {
    const { url, sockets } = await door(test, number => (number === 1 ? 503 : 200));
    const crowd = crowdAt(test, url);
    crowd.resize(3);
    await becomes(crowd, { inside: 2, waiting: 0, turnedAway: 0, lost: 1 });
    for (const socket of sockets) socket.destroy();
    await becomes(crowd, { inside: 0, waiting: 0, turnedAway: 0, lost: 3 });
  });
});
