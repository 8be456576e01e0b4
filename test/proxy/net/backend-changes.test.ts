/** What a backend wants changed in the requests that it gets, seen from that backend. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Backend } from '../../../proxy/command/requests.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

/** Backend `b0` with these options. */
async function start(options: Partial<Backend>): Promise<RawBackend> {
  const backend = await RawBackend.answering(() => answerOf('b0'));
  test = await TestPlane.start({ backends: [backend] });
  change(backend, 'b0', options);
  return backend;
}

function change({ address }: RawBackend, backendId: string, options: Partial<Backend>): void {
  test.apply({
    kind: 'add-backend',
    backend: { clusterId: 'web', backendId, address, ...options },
  });
}

function lines(head: string, name: RegExp): string[] {
  return head.split('\r\n').filter(line => name.test(line));
}

describe('a backend with request fields', () => {
  it('gets its own value in place of what the client says, however it is spelt', async () => {
    const backend = await start({ requestFields: { 'X-Colour': 'blue' } });
    const spellings = ['X-Colour: red', 'x-colour: red', 'X_COLOUR:red', 'X-Colours: red'];
    await test.ask(get('/', `Connection: close\r\n${spellings.join('\r\n')}\r\nAccept: a/b\r\n`));
    const [head = ''] = backend.requests;
    assert.deepEqual(lines(head, /colour/i), ['X-Colour: blue', 'X-Colours: red']);
    assert.deepEqual(lines(head, /^(?:Accept|Host):/), ['Host: web', 'Accept: a/b']);
    assert.ok(head.endsWith('\r\n\r\n'));
  });

  it('shares its cluster with others that get other values, or none', async () => {
    const blue = await start({ requestFields: { Color: 'blue' } });
    const green = await RawBackend.answering(() => answerOf('b1'));
    const plain = await RawBackend.answering(() => answerOf('b2'));
    change(green, 'b1', { requestFields: { Color: 'green' } });
    change(plain, 'b2', {});
    for (let i = 0; i < 6; i++) await test.ask(get('/', 'Connection: close\r\nColor: mine\r\n'));
    const colours = [blue, green, plain].map(each =>
      each.requests.flatMap(head => lines(head, /^Color/)),
    );
    assert.deepEqual(colours, [
      ['Color: blue', 'Color: blue'],
      ['Color: green', 'Color: green'],
      ['Color: mine', 'Color: mine'],
    ]);
    await Promise.all([green.close(), plain.close()]);
  });

  it('gets them with the next request when they change', async () => {
    const backend = await start({});
    const client = await test.client();
    client.send(get('/a'));
    await client.until('b0', 1);
    change(backend, 'b0', { requestFields: { Color: 'blue' } });
    client.send(get('/b'));
    await client.until('b0', 2);
    assert.deepEqual(
      backend.requests.map(head => lines(head, /^Color/).length),
      [0, 1],
    );
    assert.equal(backend.peers.length, 1, 'the connection is used again');
  });

  it('gets the body of the request unchanged, even one that looks like a field', async () => {
    const bodies: string[] = [];
    const backend = await RawBackend.start(peer => {
      const end = peer.received.indexOf('\r\n\r\n') + 4;
      if (end < 4 || peer.received.length < end + 14) return;
      bodies.push(peer.received.slice(end));
      peer.send(answerOf('b0'));
    });
    test = await TestPlane.start({ backends: [backend] });
    change(backend, 'b0', { requestFields: { Color: 'blue' } });
    const body = '\r\nColor: red\r\n';
    const length = `Connection: close\r\nContent-Length: ${body.length}\r\n`;
    await test.ask(get('/', length).replace('GET', 'POST') + body);
    assert.deepEqual(bodies, [body]);
  });
});

describe('a backend with a path of its own', () => {
  const targets: readonly (readonly [string, string])[] = [
    ['/shop/cart', '/v2'],
    ['/shop?id=7&x=/?', '/v2?id=7&x=/?'],
    ['http://web/shop?id=7', '/v2?id=7'],
    ['http://web?id=7', '/v2?id=7'],
  ];
  for (const [asked, got] of targets) {
    it(`is asked for ${got} when the client asks for ${asked}`, async () => {
      const backend = await start({ replacePath: '/v2' });
      await test.ask(get(asked, 'Connection: close\r\n'));
      assert.equal(backend.requests[0]?.split('\r\n')[0], `GET ${got} HTTP/1.1`);
    });
  }

  it('is asked about the whole server when the client asks that', async () => {
    const backend = await start({ replacePath: '/v2' });
    await test.ask(get('*', 'Connection: close\r\n').replace('GET', 'OPTIONS'));
    assert.equal(backend.requests[0]?.split('\r\n')[0], 'OPTIONS * HTTP/1.1');
  });
});

describe('a backend whose connections are not used again', () => {
  it('sees one connection for each request of a client that keeps its own', async () => {
    const backend = await start({ reuseConnections: false });
    const client = await test.client();
    for (let i = 1; i <= 3; i++) {
      client.send(get(`/${i}`));
      await client.until('b0', i);
    }
    assert.equal(backend.peers.length, 3);
    for (const head of backend.requests) {
      assert.deepEqual(lines(head, /^Connection/), ['Connection: close']);
    }
    assert.equal(client.end, 'open');
  });

  it('loses the idle ones it has when this is changed', async () => {
    const backend = await start({});
    await test.ask(get('/', 'Connection: close\r\n'));
    change(backend, 'b0', { reuseConnections: false });
    await test.ask(get('/', 'Connection: close\r\n'));
    assert.equal(backend.peers.length, 2);
  });

  it('is asked for an upgrade in the usual way', async () => {
    const backend = await start({ reuseConnections: false });
    await test.ask(get('/', 'Connection: Upgrade, close\r\nUpgrade: chat\r\n'));
    assert.deepEqual(lines(backend.requests[0] ?? '', /^(?:Connection|Upgrade)/), [
      'Connection: Upgrade',
      'Upgrade: chat',
    ]);
  });
});
