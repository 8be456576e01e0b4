/** Clients and backends that send anything: nothing throws, nothing leaks, and the next one is served. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { awaitIdle } from '../../support/await-idle.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

const requestPart = fc.oneof(
  fc.constantFrom(
    'GET / HTTP/1.1\r\n',
    'POST /x HTTP/1.1\r\n',
    'HEAD / HTTP/1.0\r\n',
    'Host: web\r\n',
  ),
  fc.constantFrom(
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    '\r\n',
    '3\r\nabc\r\n',
    '0\r\n\r\n',
  ),
  fc.constantFrom(
    'Connection: close\r\n',
    'Expect: 100-continue\r\n',
    'Connection: Host, X\r\n',
    'Connection: upgrade\r\nUpgrade: x\r\n',
    get(),
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const answerPart = fc.oneof(
  fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 100 Go\r\n\r\n',
    'HTTP/1.0 304 Same\r\n',
    'HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n',
    '\r\n',
    'abc',
  ),
  fc.constantFrom(
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Connection: close\r\n',
  ),
  fc.constantFrom('3\r\nabc\r\n', '0\r\n\r\n', answerOf('fine')),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const bytes = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength: 8 }).map(parts => parts.join(''));

describe('any bytes from clients and backends', () => {
  it('end no session in a way that hurts the next one', async () => {
    let odd = '';
    const backend = await RawBackend.start(peer => {
      if (/GET \/ordinary [\s\S]*\r\n\r\n$/.test(peer.received)) peer.send(answerOf('ordinary'));
      else {
        peer.send(odd);
        if (odd.length % 2 === 0) peer.socket.end();
      }
      peer.received = '';
    });
    // A client that leaves in order may be waiting for half an answer: the back timeout ends that.
    const listener = { frontTimeoutMs: 2000, backTimeoutMs: 2000, requestTimeoutMs: 2000 };
    const test = await TestPlane.start({ backends: [backend], listener });
    try {
      await fc.assert(
        fc.asyncProperty(
          bytes(requestPart),
          bytes(answerPart),
          fc.boolean(),
          async (sent, back, fin) => {
            odd = back;
            const strange = await test.client();
            strange.send(sent);
            if (fin) strange.socket.end();
            await new Promise(resolve => setImmediate(resolve));
            strange.close();
            const client = await test.client();
            client.send(get('/ordinary'));
            await client.until('ordinary');
            assert.match(client.received, /^HTTP\/1\.1 200 OK\r\n/);
            client.close();
          },
        ),
        { numRuns: 150 },
      );
      await awaitIdle(test.plane);
    } finally {
      await test.stop();
    }
  });
});
