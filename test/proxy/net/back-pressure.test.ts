/** Large bodies past a slow reader: neither side of the proxy may hold more than a little. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const SIZE = 64 * 1024 * 1024;
/** Kernel buffers of two connections, and a few pieces in the proxy. */
const IN_FLIGHT = 24 * 1024 * 1024;

describe('back-pressure', () => {
  it('holds the backend back while the client does not read', async () => {
    let sent = 0;
    const backend = await RawBackend.answering((_, peer) => {
      const { socket: pouring } = peer;
      pouring.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\n`);
      const piece = Buffer.alloc(65_536, 'x');
      const pour = (): void => {
        while (sent < SIZE && !pouring.destroyed) {
          sent += piece.length;
          if (!pouring.write(piece)) {
            pouring.once('drain', pour);
            return;
          }
        }
      };
      pour();
      return undefined;
    });
    test = await TestPlane.start({ backends: [backend] });
    const socket = connect({ port: test.port, host: '127.0.0.1' });
    socket.write(get());
    socket.pause();
    await settled('the backend stops', () => sent);
    assert.ok(sent < IN_FLIGHT, `${sent} bytes were taken from the backend`);
    assert.ok(sent > 65_536);
    let received = 0;
    socket.on('data', bytes => {
      received += bytes.length;
    });
    socket.resume();
    await eventually('everything arrives', () => received > SIZE, 30_000);
    socket.destroy();
  });

  it('holds the client back while the backend does not read', async () => {
    let received = 0;
    let reader: (() => void) | undefined;
    const backend = await RawBackend.start(
      () => {},
      peer => {
        peer.socket.pause();
        reader = () => {
          peer.socket.removeAllListeners('data');
          peer.socket.on('data', bytes => {
            received += bytes.length;
            if (received > SIZE) peer.send(answerOf('thanks'));
          });
          peer.socket.resume();
        };
      },
    );
    test = await TestPlane.start({ backends: [backend] });
    const socket = connect({ port: test.port, host: '127.0.0.1' });
    let answer = '';
    socket.on('data', bytes => {
      answer += bytes.toString('latin1');
    });
    socket.write(`POST / HTTP/1.1\r\nHost: web\r\nContent-Length: ${SIZE}\r\n\r\n`);
    let sent = 0;
    const piece = Buffer.alloc(65_536, 'x');
    const pour = (): void => {
      while (sent < SIZE) {
        sent += piece.length;
        if (!socket.write(piece)) {
          socket.once('drain', pour);
          return;
        }
      }
    };
    pour();
    await settled('the client stops', () => sent);
    assert.ok(sent < IN_FLIGHT, `${sent} bytes were taken from the client`);
    await eventually('the backend has the connection', () => reader !== undefined);
    reader?.();
    await eventually('the answer arrives', () => answer.includes('thanks'), 30_000);
    socket.destroy();
  });

  it('bounds what a client that never reads can queue', async () => {
    test = await TestPlane.start({});
    const socket = connect({ port: test.port, host: '127.0.0.1' });
    socket.pause();
    socket.on('error', () => {});
    let flushed = 0;
    const many = get('/none').replace('web', 'x').repeat(1000);
    const pour = (): void => {
      socket.write(many, () => {
        flushed += many.length;
        if (!socket.destroyed) setImmediate(pour);
      });
    };
    pour();
    await settled('the client stops', () => flushed);
    const { requestsTotal } = test.plane.snapshot();
    assert.ok(requestsTotal > 100 && requestsTotal < 200_000, `${requestsTotal} answered unread`);
    socket.destroy();
  });
});

/** Resolves when a number has not changed for a while. */
async function settled(what: string, count: () => number): Promise<void> {
  let last = -1;
  let since = performance.now();
  await eventually(
    what,
    () => {
      const now = count();
      if (now !== last) since = performance.now();
      last = now;
      return last > 0 && performance.now() - since > 500;
    },
    30_000,
  );
}
