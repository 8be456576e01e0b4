/** One host from nothing to everything, under a client that asks after each change. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { answerOf, type BackendPeer, RawBackend } from '../../support/raw-peer.ts';
import { LISTENER, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
let backend: RawBackend;
afterEach(async () => {
  await test.stop();
  await backend.close();
});

const REQUEST = 'GET / HTTP/1.1\r\nHost: later\r\nConnection: close\r\n\r\n';
const UPGRADE =
  'GET / HTTP/1.1\r\nHost: later\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

async function status(request = REQUEST): Promise<string> {
  return (await test.ask(request)).slice(9, 12);
}

describe('a host', () => {
  it('is unknown, has no backend, and then every kind of answer', async () => {
    let answer: (peer: BackendPeer) => string | undefined = () => undefined;
    backend = await RawBackend.answering((_, peer) => answer(peer));
    test = await TestPlane.start({});
    assert.equal(await status(), '404');

    const cluster = { id: 'later', loadBalancing: 'round-robin', answers: {} } as const;
    const frontend = { listener: LISTENER, hostname: 'later', path: '', clusterId: 'later' };
    test.apply({ kind: 'add-cluster', cluster });
    test.apply({ kind: 'add-frontend', frontend });
    assert.equal(await status(), '503');

    const { address } = backend;
    test.apply({ kind: 'add-backend', backend: { clusterId: 'later', backendId: 'b', address } });
    assert.equal(await status('garbage\r\n\r\n'), '400');

    answer = () => 'garbage\r\n\r\n';
    assert.equal(await status(), '502');

    answer = () => answerOf('hello');
    assert.match(await test.ask(REQUEST), /^HTTP\/1\.1 200 OK\r\n.*hello$/s);

    answer = peer => {
      peer.socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end');
      return undefined;
    };
    assert.match(await test.ask(REQUEST), /^HTTP\/1\.1 200 OK\r\n.*until the end\r\n0\r\n\r\n$/s);

    answer = peer => {
      peer.socket.end();
      return undefined;
    };
    assert.equal(await status(), '502');

    answer = () => 'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    const client = await test.client();
    client.send(UPGRADE);
    assert.match(await client.until('\r\n\r\n'), /^HTTP\/1\.1 101 /);
    client.close();

    test.apply({ kind: 'remove-backend', clusterId: 'later', backendId: 'b', address });
    assert.equal(await status(), '503');
    test.apply({ kind: 'remove-frontend', frontend });
    assert.equal(await status(), '404');
  });
});
