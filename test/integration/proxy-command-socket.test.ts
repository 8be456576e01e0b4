/** Clients of the command socket that misbehave: the proxy stays up, and others notice nothing. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type RunningProxy, startProxy } from '../support/start-proxy.ts';

const config = '[[listeners]]\naddress = "127.0.0.1:0"\nprotocol = "http"\n';

interface Peer {
  readonly socket: Socket;
  text(): string;
  isClosed(): boolean;
}

function open(proxy: RunningProxy): Peer {
  const socket = connect(proxy.socketPath);
  let text = '';
  let closed = false;
  socket.on('data', chunk => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  return { socket, text: () => text, isClosed: () => closed };
}

async function ask(proxy: RunningProxy, bytes: string | Buffer): Promise<string> {
  const peer = open(proxy);
  peer.socket.write(bytes);
  const reply = await eventually('a reply', () => peer.text().includes('\n') && peer.text());
  peer.socket.destroy();
  return reply;
}

describe('command socket', () => {
  it('answers every wrong message with its reason', async test => {
    const proxy = await startProxy(test, { config });
    const wrong: readonly (readonly [string | Buffer, RegExp])[] = [
      ['garbage\n', /"id":null,"status":"failure","message":"the message is not JSON: /],
      [Buffer.from([0xff, 0xfe, 0x0a]), /not UTF-8/],
      ['[]\n', /not a JSON object/],
      ['{"id":1}\n', /"id":1,.*kind: must be text/],
      ['{"id":{},"kind":"status"}\n', /id: must be/],
      [
        '{"id":7,"kind":"statsu"}\n',
        /"id":7,.*there is no request \\"statsu\\"; did you mean \\"status\\"/,
      ],
      ['{"kind":"__proto__"}\n', /there is no request/],
      ['{"kind":"status","x":1}\n', /Unrecognized key/],
      ['{"kind":"status","__proto__":{"a":1}}\n', /Unrecognized key/],
      ['{"kind":"add-backend","backend":{"clusterId":"a","address":"b"}}\n', /backend\.address: /],
      [
        '{"kind":"add-backend","backend":{"clusterId":"a b","address":"1.1.1.1:1"}}\n',
        /clusterId: /,
      ],
      [`${'['.repeat(100_000)}\n`, /not (a )?JSON/],
    ];
    for (const [bytes, reason] of wrong) assert.match(await ask(proxy, bytes), reason);
    assert.match(await ask(proxy, '{"id":1,"kind":"status"}\n'), /"status":"ok"/);
  });

  it('takes NUL as well as newline, several messages at once, and single bytes', async test => {
    const proxy = await startProxy(test, { config });
    const peer = open(proxy);
    peer.socket.setNoDelay(true);
    peer.socket.write('{"id":"a","kind":"list-clusters"}\0\n{"id":"b","kind":"list-clusters"}\n\0');
    for (const byte of '{"id":"c","kind":"list-clusters"}\0') peer.socket.write(byte);
    await eventually('three replies', () => peer.text().split('\n').length === 4);
    for (const id of ['a', 'b', 'c']) assert.ok(peer.text().includes(`"id":"${id}","status":"ok"`));
    peer.socket.destroy();
  });

  it('closes on a message that is too large', async test => {
    const proxy = await startProxy(test, { config });
    const peer = open(proxy);
    peer.socket.write('x'.repeat(2 * 1024 * 1024));
    await eventually('refused and closed', () => peer.isClosed());
    assert.match(peer.text(), /larger than 1048576 bytes/);
  });

  it('drops a client that asks and never reads', async test => {
    const proxy = await startProxy(test, { config });
    const peer = open(proxy);
    peer.socket.pause();
    let asked = 0;
    await eventually('the proxy gives up on it', () => {
      for (let round = 0; round < 500 && !peer.socket.destroyed; round += 1) {
        peer.socket.write('{"id":1,"kind":"dump-state"}\n');
        asked += 1;
      }
      return peer.socket.destroyed || peer.socket.writableLength > 1024 * 1024;
    });
    assert.ok(asked > 0);
    const client = await proxy.connect();
    assert.equal((await client.send({ kind: 'status' })).status, 'ok');
    peer.socket.destroy();
  });

  it('survives clients that vanish in the middle of everything', async test => {
    const proxy = await startProxy(test, { config });
    for (let round = 0; round < 100; round += 1) {
      const peer = open(proxy);
      peer.socket.write('{"id":1,"kind":"status"}\n{"id":2,"kind":"subscribe-events"}\n{"id":');
      peer.socket.destroySoon();
    }
    const client = await proxy.connect();
    const cluster = { id: 'web', loadBalancing: 'round-robin', answers: {} } as const;
    assert.equal((await client.send({ kind: 'add-cluster', cluster })).status, 'ok');
    const { content } = await client.send({ kind: 'status' });
    assert.equal(content?.pid, proxy.pid);
    assert.equal(content?.workers.length, 2);
  });

  it('keeps one order for many clients that change at once', async test => {
    const proxy = await startProxy(test, { config });
    const clients = await Promise.all(Array.from({ length: 8 }, () => proxy.connect()));
    const [first] = clients;
    const cluster = { id: 'web', loadBalancing: 'round-robin', answers: {} } as const;
    await first?.send({ kind: 'add-cluster', cluster });
    const replies = await Promise.all(
      clients.flatMap((client, index) =>
        Array.from({ length: 50 }, (_, round) => {
          const backend = {
            clusterId: 'web',
            address: `127.0.0.1:${1 + ((round * 7 + index) % 9)}`,
          };
          return client.send(
            round % 2 === 0
              ? { kind: 'add-backend', backend }
              : { kind: 'remove-backend', ...backend },
          );
        }),
      ),
    );
    assert.ok(replies.some(each => each.status === 'ok'));
    assert.ok(replies.every(each => !/worker \d+ refused/.test(each.message)));
    const reply = await first?.send({ kind: 'list-backends' });
    // Every worker has exactly the backends of the state: nobody saw another order.
    for (const { admin, workers } of reply?.content?.backends ?? []) {
      if (admin === 'ready') assert.equal(workers.length, 2);
    }
  });
});
