import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type HelloEarth, runHelloEarth, startHelloEarth } from '../support/hello-earth.ts';

/** A listening socket as a parent opens it, with its descriptor. */
async function listeningSocket(): Promise<{ server: Server; port: number; fd: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
  return { server, port: (server.address() as AddressInfo).port, fd };
}

interface Connection {
  readonly socket: Socket;
  readonly received: () => string;
}

async function openConnection(app: HelloEarth): Promise<Connection> {
  let text = '';
  const socket = connect(app.port, '127.0.0.1').setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, received: () => text };
}

/** Asks for the page; resolves when the app has read the request, as its 100 says (RFC 9110 §10.1.1). */
async function askForPage({ socket, received }: Connection): Promise<void> {
  socket.write('GET / HTTP/1.1\r\nHost: app\r\nExpect: 100-continue\r\n\r\n');
  await eventually('the request was read', () => received().startsWith(CONTINUE));
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

describe('inherited sockets', { skip: process.platform === 'win32' && 'no descriptors' }, () => {
  it('are served beside the own port', async () => {
    const { server, port, fd } = await listeningSocket();
    const app = await startHelloEarth({ LISTEN_FDS: '1', MACHINE: 'webapp1' }, [fd]);
    server.close(); // the parent's copy: from here on only the app accepts
    try {
      for (const url of [`http://127.0.0.1:${port}`, app.url]) {
        assert.equal((await fetch(url)).headers.get('x-relais-machine'), 'webapp1');
      }
    } finally {
      assert.equal(await app.stop(), 0);
    }
    await assert.rejects(fetch(`http://127.0.0.1:${port}`), 'the inherited socket is closed too');
  });

  it('are left alone when meant for another process', async () => {
    const { server, fd } = await listeningSocket();
    const app = await startHelloEarth({ LISTEN_FDS: '1', LISTEN_PID: '1' }, [fd]);
    assert.equal((await fetch(app.url)).status, 200);
    assert.equal(await app.stop(), 0);
    server.close();
  });

  it('that are no sockets are refused in one line', async () => {
    const env = { PORT: '0', HOST: '127.0.0.1', LISTEN_FDS: '1' };
    const fd = openSync('/dev/null', 'r');
    const outcome = await runHelloEarth(env, [fd]);
    closeSync(fd);
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /^hello-earth: LISTEN_FDS: descriptor 3 [^\n]+\n$/);
  });

  it('that are not there are refused in one line', async () => {
    const outcome = await runHelloEarth({ PORT: '0', HOST: '127.0.0.1', LISTEN_FDS: '900' });
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /^hello-earth: LISTEN_FDS: descriptor \d+ [^\n]+\n$/);
  });
});

describe('where neither sockets nor signals can be passed on', () => {
  const token = 'a token of a test';

  it('the app listens on its other address by itself', async () => {
    const { server, port } = await listeningSocket();
    server.close();
    await once(server, 'close');
    const app = await startHelloEarth({ LISTEN_ALSO: `127.0.0.1:${port}`, MACHINE: 'webapp1' });
    for (const url of [`http://127.0.0.1:${port}`, app.url]) {
      assert.equal((await fetch(url)).headers.get('x-relais-machine'), 'webapp1');
    }
    assert.equal(await app.stop(), 0);
  });

  it('says which of its addresses is in use', async () => {
    const { server, port } = await listeningSocket();
    const env = { PORT: '0', HOST: '127.0.0.1', LISTEN_ALSO: `127.0.0.1:${port}` };
    const outcome = await runHelloEarth(env);
    server.close();
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, new RegExp(`LISTEN_ALSO: 127.0.0.1:${port} is already in use`));
  });

  it('the app ends in order when it is told so with its token', async () => {
    const app = await startHelloEarth({ STOP_TOKEN: token });
    await (await fetch(`${app.url}/knobs`, { method: 'POST', body: '{"delayMs":1000}' })).text();
    const busy = await openConnection(app);
    await askForPage(busy);
    const exited = once(app.process, 'exit');
    const headers = { authorization: `Bearer ${token}` };
    const told = await fetch(`${app.url}/stop`, { method: 'POST', headers });
    assert.equal(told.status, 202);
    assert.deepEqual(await exited, [0, null]);
    assert.match(busy.received(), /200 OK/);
  });

  it('has no such path for anybody else', async () => {
    const app = await startHelloEarth({ STOP_TOKEN: token });
    for (const authorization of ['', 'Bearer', 'Bearer another', `Basic ${token}`]) {
      const told = await fetch(`${app.url}/stop`, { method: 'POST', headers: { authorization } });
      assert.equal(told.status, 404, authorization);
    }
    assert.equal((await fetch(app.url)).status, 200);
    assert.equal(await app.stop(), 0);
    const other = await startHelloEarth();
    const headers = { authorization: 'Bearer undefined' };
    assert.equal((await fetch(`${other.url}/stop`, { method: 'POST', headers })).status, 404);
    assert.equal(await other.stop(), 0);
  });
});

describe('a start that cannot work', () => {
  it('names the port in use, in one line', async () => {
    const { server, port } = await listeningSocket();
    const outcome = await runHelloEarth({ PORT: String(port), HOST: '127.0.0.1' });
    server.close();
    assert.equal(outcome.code, 1);
    assert.match(
      outcome.stderr,
      new RegExp(`^hello-earth: port ${port} of 127.0.0.1 is already in use: [^\n]+\n$`),
    );
  });

  it('names the versions, in one line', async () => {
    const outcome = await runHelloEarth({ VERSION: 'v9' });
    assert.equal(outcome.code, 1);
    assert.equal(
      outcome.stderr,
      'hello-earth: VERSION=v9 does not exist: the versions are v1, v2, v3\n',
    );
  });

  it('names an address that is not of this machine', async () => {
    const outcome = await runHelloEarth({ PORT: '0', HOST: '203.0.113.1' });
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /port 0 of 203\.0\.113\.1 is not an address of this machine/);
  });
});

describe('graceful stop', { skip: process.platform === 'win32' && 'no SIGTERM' }, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`${signal} lets the request in flight end, and nobody else waits`, async () => {
      const app = await startHelloEarth();
      const body = '{"delayMs":2500}';
      await (await fetch(`${app.url}/knobs`, { method: 'POST', body })).text();
      const unused = await openConnection(app);
      const idle = await openConnection(app);
      idle.socket.write('GET /status HTTP/1.1\r\nHost: app\r\n\r\n');
      await eventually('the idle connection was answered', () => idle.received().includes('ok'));
      const busy = await openConnection(app);
      await askForPage(busy);

      const exited = once(app.process, 'exit');
      app.process.kill(signal);
      await eventually(
        'connections without a request are closed',
        () => unused.socket.closed && idle.socket.closed,
      );
      await assert.rejects(fetch(app.url), 'new connections are refused');
      assert.equal(busy.received(), CONTINUE, 'the request is still in flight');
      assert.deepEqual((await exited)[0], 0);
      await eventually('the busy connection is closed', () => busy.socket.closed);
      assert.match(busy.received(), /\r\n\r\nHTTP\/1\.1 200 OK/);
      assert.match(busy.received(), /\r\nConnection: close\r\n/);
      assert.match(busy.received(), /<\/html>\n$/);
    });
  }

  it('has a deadline and says what it cut', async () => {
    const app = await startHelloEarth();
    const body = '{"delayMs":600000}';
    await (await fetch(`${app.url}/knobs`, { method: 'POST', body })).text();
    const busy = await openConnection(app);
    await askForPage(busy);
    assert.equal(await app.stop(), 0);
    assert.match(app.output(), /1 requests were cut after 4000 ms/);
  });

  it('a second signal does not wait', async () => {
    const app = await startHelloEarth();
    await (await fetch(`${app.url}/knobs`, { method: 'POST', body: '{"delayMs":600000}' })).text();
    const [idle, busy] = [await openConnection(app), await openConnection(app)];
    await askForPage(busy);
    const exited = once(app.process, 'exit');
    app.process.kill('SIGTERM');
    await eventually('the first signal was seen', () => idle.socket.closed);
    app.process.kill('SIGTERM');
    assert.deepEqual((await exited)[0], 1);
  });
});
