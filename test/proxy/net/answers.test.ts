/** Answers of backends, good and odd, as clients get them. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type BackendPeer, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

async function planeBefore(
  answer: string | ((head: string, peer: BackendPeer) => string | undefined),
): Promise<RawBackend> {
  const backend = await RawBackend.answering(typeof answer === 'string' ? () => answer : answer);
  test = await TestPlane.start({ backends: [backend] });
  return backend;
}

/** Two requests on one connection: the second shows that the first one's end was understood. */
async function twice(request: string, text: string): Promise<string> {
  const client = await test.client();
  client.send(request);
  await client.until(text);
  client.send(request);
  return client.until(text, 2);
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe('answers', () => {
  it('in chunks go through as they are', async () => {
    const body = '5\r\nhello\r\n6;a\r\n world\r\n0\r\nX-T: 1\r\n\r\n';
    await planeBefore(`${OK}Transfer-Encoding: chunked\r\n\r\n${body}`);
    const received = await twice(get(), 'X-T: 1\r\n\r\n');
    assert.ok(received.includes(`\r\nTransfer-Encoding: chunked\r\n\r\n${body}`));
  });

  it('in chunks lose them for HTTP/1.0, and the connection ends the body', async () => {
    await planeBefore(
      `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`,
    );
    const received = await test.ask(
      'GET / HTTP/1.0\r\nHost: web\r\nConnection: keep-alive\r\n\r\n',
    );
    assert.match(received, /\r\nConnection: close\r\n\r\nhello world$/);
    assert.doesNotMatch(received, /chunked/);
  });

  it('that end with the connection are chunked, and the client stays', async () => {
    await planeBefore((_, peer) => {
      peer.socket.end(`${OK}\r\nhello`);
      return undefined;
    });
    const received = await twice(get(), '0\r\n\r\n');
    assert.match(received, /\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP/);
  });

  it('to HEAD, 204 and 304 have no body and the next one follows', async () => {
    await planeBefore(head => {
      if (head.startsWith('HEAD')) return `${OK}Content-Length: 500\r\n\r\n`;
      if (head.includes('/204')) return 'HTTP/1.1 204 No\r\nContent-Length: 9\r\n\r\n';
      if (head.includes('/304')) return 'HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n';
      return `${OK}Content-Length: 3\r\n\r\nend`;
    });
    const client = await test.client();
    client.send(`HEAD / HTTP/1.1\r\nHost: web\r\n\r\n${get('/204')}${get('/304')}${get('/')}`);
    const received = await client.until('end');
    const heads = received.split('\r\n\r\n');
    assert.match(heads[0] ?? '', /^HTTP\/1\.1 200 OK\r\nContent-Length: 500\r\n/);
    assert.match(heads[1] ?? '', /^HTTP\/1\.1 204 No\r\n/);
    assert.doesNotMatch(heads[1] ?? '', /Content-Length/);
    assert.match(heads[2] ?? '', /^HTTP\/1\.1 304 Same\r\nContent-Length: 9\r\n/);
    assert.match(heads[3] ?? '', /^HTTP\/1\.1 200 OK\r\n/);
  });

  it('lose what ends at this hop', async () => {
    await planeBefore(
      `${OK}Connection: X-Gone\r\nX-Gone: 1\r\nKeep-Alive: timeout=5\r\nX-Request-Id: theirs\r\n` +
        'X-Stays: 2\r\nContent-Length: 2\r\n\r\nok',
    );
    const client = await test.client();
    client.send(get('/', 'X-Request-Id: mine\r\n'));
    const received = await client.until('ok');
    assert.match(received, /\r\nX-Stays: 2\r\n/);
    assert.match(received, /\r\nX-Request-Id: mine\r\n/);
    assert.doesNotMatch(received, /Gone|Keep-Alive|theirs|Connection/);
  });

  it('in pieces of one byte are whole for the client', async () => {
    const whole = `${OK}Content-Length: 5\r\n\r\nhello`;
    await planeBefore((_, peer) => {
      const bytes = [...whole];
      const sendNext = (): void => {
        const byte = bytes.shift();
        if (byte === undefined) return;
        peer.send(byte);
        setImmediate(sendNext);
      };
      sendNext();
      return undefined;
    });
    await twice(get(), 'hello');
  });

  it('before the final one are passed on, but not to HTTP/1.0', async () => {
    await planeBefore(
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: x\r\n\r\n${OK}Content-Length: 2\r\n\r\nok`,
    );
    const received = await twice(get(), 'ok');
    assert.match(received, /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1\.1 200 OK/);
    assert.match(await test.ask('GET / HTTP/1.0\r\nHost: web\r\n\r\n'), /^HTTP\/1\.1 200 OK/);
  });

  it('with something behind them are given to the client alone, and the rest to nobody', async () => {
    const backend = await planeBefore(
      `${OK}Content-Length: 2\r\n\r\nokHTTP/1.1 200 Poison\r\n\r\n`,
    );
    assert.doesNotMatch(await twice(get(), 'ok'), /Poison/);
    assert.equal(backend.peers.length, 2);
  });

  it('that say close are the last of their connection', async () => {
    const backend = await planeBefore(`${OK}Connection: close\r\nContent-Length: 2\r\n\r\nok`);
    await twice(get(), 'ok');
    assert.equal(backend.peers.length, 2);
  });
});

describe('cut answers', () => {
  const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`;
  const cases: readonly (readonly [title: string, text: string, last: string])[] = [
    ['with a length', `${OK}Content-Length: 50\r\n\r\nhello`, ''],
    ['in chunks', chunked, ''],
    ['with a broken chunk', chunked, 'zz'],
  ];
  for (const [title, text, last] of cases) {
    it(`${title} cut the client`, async () => {
      await planeBefore((_, peer) => {
        peer.send(text);
        setTimeout(() => peer.socket.end(last), 100);
        return undefined;
      });
      const client = await test.client();
      client.send(get());
      const received = await client.ended();
      assert.doesNotMatch(received, /0\r\n\r\n$|HTTP\/1\.1 5/);
      assert.equal(client.end, 'reset');
    });
  }

  it('that should end with the connection cut an HTTP/1.0 client, too', async () => {
    await planeBefore((_, peer) => {
      peer.send(`${OK}\r\nhello`);
      setTimeout(() => peer.socket.resetAndDestroy(), 30);
      return undefined;
    });
    const client = await test.client();
    client.send('GET / HTTP/1.0\r\nHost: web\r\n\r\n');
    await client.ended();
    assert.equal(client.end, 'reset');
  });
});

describe('odd answers', () => {
  const odd: readonly (readonly [title: string, text: string])[] = [
    ['no HTTP at all', 'SSH-2.0-OpenSSH\r\n'],
    ['status 99', 'HTTP/1.1 099 No\r\nContent-Length: 0\r\n\r\n'],
    ['two lengths', `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    [
      'a length and a coding',
      `${OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n'],
    ['an endless head', `${OK}${`X: ${'y'.repeat(1000)}\r\n`.repeat(70)}`],
    ['too many interim answers', 'HTTP/1.1 102 P\r\n\r\n'.repeat(30)],
    ['a chunk size that is none', `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ];
  for (const [title, text] of odd) {
    it(`${title} → 502, and the client stays`, async () => {
      let calls = 0;
      await planeBefore(() => (calls++ === 0 ? text : `${OK}Content-Length: 4\r\n\r\nfine`));
      const client = await test.client();
      client.send(get());
      assert.match(await client.until('</html>'), /HTTP\/1\.1 502 Bad Gateway\r\n/);
      client.send(get());
      await client.until('fine');
    });
  }

  it('half a head and the end → 502', async () => {
    await planeBefore((_, peer) => {
      peer.socket.end(`${OK}Content-Le`);
      return undefined;
    });
    const client = await test.client();
    client.send(get());
    assert.match(await client.until('</html>'), /^HTTP\/1\.1 502 /);
  });
});
