import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { SocketWire } from '../../../proxy/net/socket/socket-wire.ts';
import { streamBinding } from '../../../proxy/net/socket/stream-binding.ts';
import { eventually } from '../../support/eventually.ts';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly wire: SocketWire;
  drains(): number;
}

const open: Socket[] = [];

async function pair(binding: typeof streamBinding): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  let drains = 0;
  const wire = new SocketWire(near, () => drains++, binding);
  const [[far]] = (await Promise.all([once(server, 'connection'), once(near, 'connect')])) as [
    [Socket],
    unknown,
  ];
  server.close();
  far.pause();
  near.on('error', () => {});
  open.push(near, far);
  return { near, far, wire, drains: () => drains };
}

async function received(far: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of far) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

for (const [way, binding] of [
  ['the direct way', streamBinding],
  ['the documented way', undefined],
] as const) {
  describe(`SocketWire, ${way}`, () => {
    it('writes texts as Latin-1 and bytes as they are', async () => {
      const { wire, far } = await pair(binding);
      assert.equal(wire.write('caf\u00e9 '), true);
      assert.equal(wire.write(Buffer.from([0, 255, 10])), true);
      wire.end();
      assert.deepEqual(await received(far), Buffer.from([99, 97, 102, 0xe9, 32, 0, 255, 10]));
    });

    it('keeps the order and loses nothing when the reader is slow', async () => {
      const { wire, far, drains } = await pair(binding);
      const sent: Buffer[] = [];
      const lent = Buffer.alloc(50_000);
      let full = 0;
      for (let n = 0; full < 3; n++) {
        const size = 1 + ((n * 7919) % 50_000);
        const text = String.fromCharCode(33 + (n % 90)).repeat(size);
        sent.push(Buffer.from(text, 'latin1'));
        lent.fill(text, 0, size, 'latin1');
        if (!wire.write(n % 2 === 0 ? text : lent.subarray(0, size))) full++;
        // Somebody else reads into it now.
        lent.fill('?');
      }
      assert.ok(wire.writableLength > 0);
      assert.equal(drains(), 0);
      const arriving = received(far);
      await eventually('the queue is empty', () => drains() === 1);
      assert.equal(wire.writableLength, 0);
      assert.equal(wire.write('last'), true);
      wire.end();
      assert.ok((await arriving).equals(Buffer.concat([...sent, Buffer.from('last')])));
    });

    it('ends behind what is queued', async () => {
      const { wire, far } = await pair(binding);
      const chunk = Buffer.alloc(1 << 20, 'x');
      let size = 0;
      do size += chunk.length;
      while (wire.write(chunk));
      wire.end();
      assert.equal((await received(far)).length, size);
    });

    it('resets at once, though its queue is full', async () => {
      const { wire, near, far, drains } = await pair(binding);
      let size = 100_000;
      while (wire.write('x'.repeat(100_000))) size += 100_000;
      wire.resetAndDestroy();
      await eventually('the socket is closed', () => near.closed);
      // The libuv of Node 20 may take a reset behind data for an end.
      const arrived = await received(far).catch(() => Buffer.alloc(0));
      assert.ok(arrived.length < size, 'what was queued went out');
      assert.equal(drains(), 0);
      wire.write('too late');
      wire.destroy();
    });

    it('tells by the end of the socket that nobody reads any more', async () => {
      const { wire, near, far } = await pair(binding);
      far.resetAndDestroy();
      await eventually('the socket is closed', () => {
        if (!near.destroyed) wire.write('x');
        return near.destroyed;
      });
      await eventually('its events tell', () => near.closed);
    });
  });
}

describe('the direct way', () => {
  it('is there on this version of Node', () => {
    assert.notEqual(streamBinding, undefined);
  });
});
