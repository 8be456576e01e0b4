/** Requests and answers through a data plane, in every framing, between raw-byte peers. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

describe('relaying', () => {
  it('answers many requests on one client connection over one upstream connection', async () => {
    const backend = await RawBackend.answering(head => answerOf(head.split(' ')[1] ?? ''));
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    for (const path of ['/1', '/2', '/3']) {
      client.send(get(path));
      await client.until(path);
    }
    assert.equal(backend.peers.length, 1);
  });

  it('tells the backend who asked, and the client which request it was', async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    test = await TestPlane.start({ backends: [backend] });
    const answer = await test.ask(get('/', 'X-Request-Id: abc\r\nConnection: close\r\n'));
    assert.match(answer, /\r\nX-Request-Id: abc\r\n/);
    const head = backend.requests[0] ?? '';
    assert.match(head, /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/);
    assert.match(head, /\r\nX-Forwarded-Proto: http\r\n/);
    assert.match(head, new RegExp(`\r\nX-Forwarded-Port: ${test.port}\r\n`));
    assert.match(head, /\r\nForwarded: proto=http;for="127\.0\.0\.1:\d+";by=127\.0\.0\.1\r\n/);
    assert.match(head, /\r\nX-Request-Id: abc\r\n/);
    assert.doesNotMatch(head, /connection:/i);
  });
});
