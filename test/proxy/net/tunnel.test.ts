/** Upgrades and what comes after a 101: raw bytes both ways, `ws` at both ends, and how it ends. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../../support/eventually.ts';
import { answerOf, type BackendPeer, RawBackend, type RawClient } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const ASK = 'Connection: keep-alive, Upgrade\r\nUpgrade: Echo/1\r\n';
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo/1\r\n\r\n';

/** A backend that answers an upgrade with this and sends back what comes after. */
function echoing(answer = SWITCH): Promise<RawBackend> {
  const switched = new Set<BackendPeer>();
  return RawBackend.start(peer => {
    if (!switched.has(peer)) {
      const end = peer.received.indexOf('\r\n\r\n');
      if (end < 0) return;
      switched.add(peer);
      peer.send(answer + peer.received.slice(end + 4));
    } else peer.send(peer.received);
    peer.received = '';
  });
}

/** A backend that grants an upgrade and says nothing more. */
function switching(): Promise<RawBackend> {
  return RawBackend.start(peer => {
    if (peer.received.endsWith('\r\n\r\n')) peer.send(SWITCH);
  });
}

async function tunnelTo(backend: RawBackend, listener = {}): Promise<RawClient> {
  test = await TestPlane.start({ backends: [backend], listener });
  const client = await test.client();
  client.send(get('/', ASK));
  await client.until('\r\n\r\n');
  return client;
}

describe('an upgrade', () => {
  it('reaches the backend with its fields, and the 101 the client', async () => {
    const backend = await RawBackend.answering(() => SWITCH);
    const client = await tunnelTo(backend);
    assert.match(backend.requests[0] ?? '', /\r\nConnection: Upgrade\r\nUpgrade: Echo\/1\r\n/);
    assert.doesNotMatch(backend.requests[0] ?? '', /keep-alive/);
    assert.match(client.received, /^HTTP\/1\.1 101 Switching Protocols\r\n/);
    assert.match(client.received, /\r\nConnection: Upgrade\r\nUpgrade: echo\/1\r\n\r\n$/);
    assert.equal(test.plane.snapshot().tunnels, 1);
  });

  it('carries any bytes both ways, those that came early included', async () => {
    test = await TestPlane.start({ backends: [await echoing(`${SWITCH}hello `)] });
    const client = await test.client();
    client.send(`${get('/', ASK)}early `);
    await client.until('hello early ');
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
    client.send(`GET /never HTTP/1.1\r\n\r\n${bytes}`);
    assert.ok((await client.until(bytes)).endsWith(`GET /never HTTP/1.1\r\n\r\n${bytes}`));
    assert.equal(test.plane.snapshot().requestsTotal, 1);
  });

  it('with a body switches only when all of the body was sent', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.endsWith('body')) peer.send(`${SWITCH}after`);
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(`POST / HTTP/1.1\r\nHost: web\r\n${ASK}Content-Length: 4\r\n\r\nbo`);
    await backend.received('bo');
    client.send('dy');
    await client.until('after');
  });

  it('that the backend grants before it has the body → 502', async () => {
    const backend = await RawBackend.start(peer => peer.send(SWITCH));
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(`POST / HTTP/1.1\r\nHost: web\r\n${ASK}Content-Length: 4\r\n\r\nbo`);
    assert.match(await client.ended(), /^HTTP\/1\.1 502 /);
    await backend.abandoned();
  });

  it('that the backend does not grant gets its answer, and what came behind is no request', async () => {
    const backend = await RawBackend.answering(() => answerOf('no'));
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get('/', ASK) + get('/smuggled'));
    const received = await client.ended();
    assert.match(received, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nConnection: close\r\n[\s\S]*no$/);
    assert.equal(received.split('HTTP/1.1').length, 2);
    assert.equal(backend.requests.length, 1);
  });

  const ungranted: readonly (readonly [title: string, fields: string, answer: string])[] = [
    ['nobody asked for', '', SWITCH],
    ['is to another protocol', ASK, SWITCH.replace('echo/1', 'other')],
    ['names none', ASK, 'HTTP/1.1 101 Yes\r\nConnection: upgrade\r\n\r\n'],
    ['comes from HTTP/1.0', ASK, SWITCH.replace('HTTP/1.1', 'HTTP/1.0')],
  ];
  for (const [title, fields, answer] of ungranted) {
    it(`a 101 that ${title} → 502`, async () => {
      const backend = await RawBackend.answering(() => answer);
      test = await TestPlane.start({ backends: [backend] });
      const client = await test.client();
      client.send(get('/', `${fields}`));
      assert.match(await client.until('</html>'), /^HTTP\/1\.1 502 /);
      await backend.abandoned();
    });
  }

  const unasked: readonly (readonly [title: string, fields: string])[] = [
    ['h2c', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'],
    ['h2c in capitals', 'Connection: upgrade\r\nUpgrade: H2C\r\n'],
    ['a list with h2c', 'Connection: upgrade\r\nUpgrade: websocket, h2c\r\n'],
    ['two lines', 'Connection: upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n'],
    ['HTTP/2.0', 'Connection: upgrade\r\nUpgrade: HTTP/2.0\r\n'],
    ['no Connection: upgrade', 'Upgrade: websocket\r\n'],
    ['an empty protocol', 'Connection: upgrade\r\nUpgrade:\r\n'],
  ];
  for (const [title, fields] of unasked) {
    it(`with ${title} is an ordinary request`, async () => {
      const backend = await RawBackend.answering(() => answerOf('plain'));
      test = await TestPlane.start({ backends: [backend] });
      const client = await test.client();
      client.send(get('/', fields));
      await client.until('plain');
      client.send(get('/next'));
      await client.until('plain', 2);
      assert.doesNotMatch(backend.requests[0] ?? '', /upgrade|h2c|HTTP2-Settings/i);
    });
  }

  it('of an HTTP/1.0 client is ignored', async () => {
    const backend = await RawBackend.answering(() => answerOf('plain'));
    test = await TestPlane.start({ backends: [backend] });
    const old = `GET / HTTP/1.0\r\nHost: web\r\n${ASK.replace('keep-alive', 'close')}\r\n`;
    assert.match(await test.ask(old), /plain$/);
    assert.doesNotMatch(backend.requests[0] ?? '', /upgrade/i);
  });
});

describe('a tunnel', () => {
  it('lets the client end its side and still get what the backend sends', async () => {
    const backend = await switching();
    const client = await tunnelTo(backend);
    const peer = backend.peers[0]?.socket;
    assert.ok(peer);
    peer.allowHalfOpen = true;
    client.send('last words');
    client.socket.end();
    await once(peer, 'end');
    assert.match(backend.peers[0]?.received ?? '', /last words$/);
    const long = 'x'.repeat(300_000);
    peer.end(long);
    assert.ok((await client.ended()).endsWith(long));
    assert.equal(client.end, 'fin');
    await eventually('the tunnel is gone', () => test.plane.counters.tunnels === 0);
  });

  it('lets the backend end its side and still get what the client sends', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.endsWith('\r\n\r\n')) {
        peer.socket.allowHalfOpen = true;
        peer.socket.end(`${SWITCH}bye`, 'latin1');
      }
    });
    const client = await tunnelTo(backend);
    await client.ended();
    const long = 'y'.repeat(300_000);
    client.send(long);
    client.socket.end();
    await backend.received(long);
    await eventually('the tunnel is gone', () => test.plane.counters.tunnels === 0);
  });

  it('ends both sides when one is reset', async () => {
    const backend = await echoing();
    const client = await tunnelTo(backend);
    backend.peers[0]?.socket.resetAndDestroy();
    await client.ended();
    assert.equal(client.end, 'reset');
    const second = await test.client();
    second.send(get('/', ASK));
    await second.until('\r\n\r\n');
    const left = once(backend.peers[1]?.socket ?? client.socket, 'close');
    second.socket.resetAndDestroy();
    // Not in order: the backend must not take what it got for everything.
    await assert.rejects(left, { code: 'ECONNRESET' });
    await backend.abandoned();
  });

  it('whose client ended its side before the 101 tells the backend behind it', async () => {
    const backend = await RawBackend.start(() => {});
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(`${get('/', ASK)}all of it`);
    client.socket.end();
    await backend.received('\r\n\r\n');
    const [peer] = backend.peers;
    assert.ok(peer);
    peer.socket.allowHalfOpen = true;
    const ended = once(peer.socket, 'end');
    peer.send(SWITCH);
    await ended;
    assert.match(peer.received, /all of it$/);
    peer.socket.end('thanks');
    assert.match(await client.ended(), /thanks$/);
    assert.equal(client.end, 'fin');
  });

  it('gives the client what the backend said before it went, though the client talks on', async () => {
    const backend = await RawBackend.start(peer => {
      if (!peer.received.endsWith('\r\n\r\n')) return;
      peer.socket.end(`${SWITCH}${'z'.repeat(500_000)}bye`, 'latin1');
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get('/', ASK));
    const talk = setInterval(() => client.send('hm'), 5);
    try {
      assert.match(await client.ended(), /zbye$/);
      assert.equal(client.end, 'fin');
    } finally {
      clearInterval(talk);
    }
  });

  it('is closed when nothing has moved for the longer of its timeouts, and not before', async () => {
    const backend = await echoing();
    const client = await tunnelTo(backend, { frontTimeoutMs: 100, backTimeoutMs: 1000 });
    const since = performance.now();
    let pings = 0;
    let last = since;
    while (performance.now() - since < 1300) {
      last = performance.now();
      await client.send('ping').until('ping', ++pings);
    }
    await client.ended();
    assert.ok(performance.now() - last >= 900);
    await backend.abandoned();
  });

  it('outlasts a soft stop and ends with a hard one', async () => {
    const backend = await echoing();
    const client = await tunnelTo(backend);
    const idle = await test.client();
    await eventually('both are accepted', () => test.plane.counters.clientConnections === 2);
    let drained = false;
    const drain = test.plane.drain().then(() => {
      drained = true;
    });
    // Idle connections have ended by then.
    await idle.ended();
    client.send('still here');
    await client.until('still here');
    assert.equal(drained, false);
    test.plane.stop();
    await drain;
    await client.ended();
  });

  it('keeps a removed backend until it ends', async () => {
    const backend = await echoing();
    const client = await tunnelTo(backend);
    test.removeBackend('b0', backend.address);
    client.send('still here');
    await client.until('still here');
    assert.deepEqual(test.kinds(), []);
    client.close();
    await eventually('it is drained', () => test.kinds().includes('backend-drained'));
  });

  for (const slow of ['client', 'backend'] as const) {
    it(`holds the other side back while the ${slow} does not read`, async () => {
      const backend = await switching();
      const client = await tunnelTo(backend);
      const peer = backend.peers[0]?.socket;
      assert.ok(peer);
      const [reader, writer] = slow === 'client' ? [client.socket, peer] : [peer, client.socket];
      reader.pause();
      const total = 48 * 1024 * 1024;
      let sent = 0;
      const piece = Buffer.alloc(65_536, 'z');
      const pour = (): void => {
        while (sent < total) {
          sent += piece.length;
          if (!writer.write(piece)) {
            writer.once('drain', pour);
            return;
          }
        }
      };
      pour();
      let last = -1;
      await eventually('the writer is stopped', async () => {
        const same = last === sent;
        last = sent;
        await new Promise(resolve => setTimeout(resolve, 300));
        return same && last === sent;
      });
      assert.ok(sent < total, `${sent} bytes were taken`);
      let received = 0;
      reader.removeAllListeners('data');
      reader.on('data', (bytes: string) => {
        received += bytes.length;
      });
      reader.resume();
      await eventually('all of it arrives', () => received >= total, 30_000);
    });
  }
});

describe('WebSocket', () => {
  it('works with ws at both ends: text, binary, large messages, ping and close code', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', served => {
      served.on('message', (data, isBinary) => served.send(data, { binary: isBinary }));
      served.on('close', code => closed.push(code));
    });
    const closed: number[] = [];
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    test = await TestPlane.start({
      backends: [`127.0.0.1:${(server.address() as AddressInfo).port}`],
    });
    const socket = new WebSocket(`ws://127.0.0.1:${test.port}/chat?room=1`, {
      headers: { Host: 'web' },
    });
    try {
      await once(socket, 'open');
      const large = Buffer.alloc(1_500_000, 'é');
      for (const message of ['hello', large]) {
        socket.send(message);
        const [data, isBinary] = await once(socket, 'message');
        assert.equal(isBinary, typeof message !== 'string');
        assert.ok(Buffer.from(message).equals(data));
      }
      socket.ping('are you there');
      assert.equal(String((await once(socket, 'pong'))[0]), 'are you there');
      socket.close(4001, 'done');
      await eventually('the server knows the close code', () => closed.includes(4001));
    } finally {
      socket.terminate();
      sockets.close();
      server.close();
    }
  });
});
