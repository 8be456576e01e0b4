/** A backend that does everything wrong beside one in order: nobody gets an answer that is not theirs. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { RawClient } from '../../support/raw-peer.ts';
import { answerOf, type BackendPeer, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

function idOf(head: string): string {
  return /^\S+ \/(\S*) /.exec(head)?.[1] ?? '';
}

/** Answers with the id that the request asks for. */
function echoing(): Promise<RawBackend> {
  return RawBackend.answering(head => answerOf(`[[${idOf(head)}]]`));
}

type Fault = (peer: BackendPeer, id: string) => void;

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const faults: Readonly<Record<string, Fault>> = {
  'never answers': () => {},
  'answers one byte of nothing': peer => peer.send('H'),
  'stops in the head': peer => peer.send('HTTP/1.1 200 OK\r\nContent-'),
  'stops in the body': (peer, id) => peer.send(`${HEAD}[[${id}`),
  'stops in a chunk': (peer, id) => peer.send(`${CHUNKED}ff\r\n[[${id}`),
  'ends in the head': peer => peer.socket.end('HTTP/1.1 200 OK\r\nContent-'),
  'ends in the body': (peer, id) => peer.socket.end(`${HEAD}[[${id}`),
  'ends in a chunk': (peer, id) => peer.socket.end(`${CHUNKED}ff\r\n[[${id}`),
  'resets at once': peer => peer.socket.resetAndDestroy(),
  'resets in the head': peer => sendAndReset(peer, 'HTTP/1.1 200'),
  'resets in the body': (peer, id) => sendAndReset(peer, `${HEAD}[[${id}`),
  'resets in a chunk': (peer, id) => sendAndReset(peer, `${CHUNKED}ff\r\n[[${id}`),
  'sends a second answer behind its own': (peer, id) =>
    peer.send(answerOf(`[[${id}]]`) + answerOf('[[nobody]]')),
  'sends more than its length': (peer, id) => peer.send(`${answerOf(`[[${id}]]`)}[[more]]`),
  'sends more than its length later': (peer, id) => {
    peer.send(answerOf(`[[${id}]]`));
    setImmediate(() => peer.send('[[more]]'));
  },
  'says garbage': peer => peer.send('\0\x01\x02 what\r\n\r\n'),
  'has two lengths': (peer, id) =>
    peer.send(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n[[${id}]]`),
  'closes in order behind its answer': (peer, id) => peer.socket.end(answerOf(`[[${id}]]`)),
};

function sendAndReset(peer: BackendPeer, text: string): void {
  peer.send(text);
  // The bytes go out before the reset, as those of a process that dies while it writes.
  setImmediate(() => peer.socket.resetAndDestroy());
}

/** What a visitor got for its request: its own answer, an error of the proxy, or a cut connection. */
function judge(received: string, id: string, ended: boolean): 'own' | 'error' | 'cut' {
  const text = received.replace(/X-Request-Id: \S+/g, '');
  for (const [, other] of text.matchAll(/\[\[([\w-]*)/g)) assert.equal(other, id);
  if (text.includes(`[[${id}]]`)) return 'own';
  if (/^HTTP\/1.1 50[234] /.test(text)) return 'error';
  assert.ok(ended, `${id} got ${JSON.stringify(received)} and no end`);
  return 'cut';
}

async function askFor(client: RawClient, id: string): Promise<'own' | 'error' | 'cut'> {
  client.received = '';
  client.send(get(`/${id}`));
  await client.settled();
  return judge(client.received, id, client.end !== 'open');
}

describe('beside a backend', () => {
  for (const [what, fault] of Object.entries(faults)) {
    it(`that ${what}, everybody gets their own answer or none`, async () => {
      const bad = await RawBackend.answering((head, peer) => {
        fault(peer, idOf(head));
        return undefined;
      });
      test = await TestPlane.start({
        backends: [bad, await echoing()],
        listener: { backTimeoutMs: 250, connectTimeoutMs: 600 },
        cluster: { retry: { budgetPercent: 100 } },
      });
      const outcomes: string[] = [];
      await Promise.all(
        Array.from({ length: 6 }, async (_, visitor) => {
          let client = await test.client();
          for (let i = 0; i < 4; i++) {
            outcomes.push(await askFor(client, `v${visitor}-${i}`));
            if (client.end !== 'open') client = await test.client();
          }
        }),
      );
      assert.equal(outcomes.length, 24);
      assert.ok(outcomes.filter(outcome => outcome === 'own').length >= 8, outcomes.join());
      // Whatever the backend did, the next request is served.
      test.removeBackend('b0', bad.address);
      assert.equal(await askFor(await test.client(), 'after'), 'own');
    });
  }
});

describe('a backend that closes connections at random', () => {
  it('costs no visitor an error in 1,000 requests, and gets no POST twice', async () => {
    const posts = new Map<string, number>();
    const served = new WeakMap<BackendPeer, number>();
    let crossings = 0;
    const backend = await RawBackend.answering((head, peer) => {
      const before = served.get(peer) ?? 0;
      served.set(peer, before + 1);
      // It had decided to close this idle connection when the request came.
      if (before > 0 && chance() < 0.2) {
        crossings++;
        if (chance() < 0.5) peer.socket.resetAndDestroy();
        else peer.socket.end();
        return undefined;
      }
      const id = idOf(head);
      if (head.startsWith('POST')) posts.set(id, (posts.get(id) ?? 0) + 1);
      if (chance() < 0.1) setImmediate(() => peer.socket.end());
      return answerOf(`[[${id}]]`);
    });
    test = await TestPlane.start({ backends: [backend] });
    await Promise.all(
      Array.from({ length: 20 }, async (_, visitor) => {
        const client = await test.client();
        for (let i = 0; i < 50; i++) {
          const id = `v${visitor}-${i}`;
          client.received = '';
          const isPost = i % 5 === 0;
          client.send(isPost ? post(id) : get(`/${id}`));
          await client.until(`[[${id}]]`);
          assert.match(client.received, /^HTTP\/1.1 200 /);
        }
      }),
    );
    assert.ok(crossings > 50, `${crossings} requests met a closing connection`);
    assert.equal(posts.size, 200);
    assert.deepEqual(
      [...posts].filter(([, times]) => times !== 1),
      [],
    );
    assert.deepEqual(test.kinds(), []);
    assert.deepEqual(test.plane.snapshot().retries, [], 'a stale connection costs no budget');
  });
});

function post(id: string): string {
  return `POST /${id} HTTP/1.1\r\nHost: web\r\nContent-Length: 4\r\n\r\nbody`;
}

let seed = 20_240_607;

/** The same numbers in every run. */
function chance(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}
