/** A hundred clients that do not read large answers: the worker holds a little of each, not all. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { residentBytes } from '../support/process-facts.ts';
import { RawBackend } from '../support/raw-peer.ts';
import { startProxy } from '../support/start-proxy.ts';

const CLIENTS = 100;
/** Far more than the kernel holds of it on the way. */
const ANSWER_BYTES = 16 * 1024 * 1024;
const PER_DIRECTION_BYTES = 64 * 1024;
/** What the collector has not yet taken of the bytes that went through; all would be 1.6 GiB. */
const SLACK_BYTES = 64 * 1024 * 1024;

const skip = process.platform === 'linux' ? false : 'reads /proc';

describe('slow readers', { skip }, () => {
  it('cost a bounded amount of memory, and get all of it when they go on', async test => {
    let sent = 0;
    const piece = Buffer.alloc(65_536, 'x');
    const backend = await RawBackend.answering((_, { socket }) => {
      let left = ANSWER_BYTES;
      const pour = (): void => {
        while (left > 0 && !socket.destroyed) {
          left -= piece.length;
          sent += piece.length;
          if (!socket.write(piece)) {
            socket.once('drain', pour);
            return;
          }
        }
      };
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${ANSWER_BYTES}\r\n\r\n`);
      pour();
      return undefined;
    });
    test.after(() => backend.close());
    const proxy = await startProxy(test, {
      config: `
        log_level = "warn"
        worker_count = 1
        [[listeners]]
        address = "127.0.0.1:0"
        protocol = "http"
        [clusters.web]
        protocol = "http"
        frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
        backends = [{ address = "${backend.address}" }]
      `,
    });
    const command = await proxy.connect();
    const { content } = await command.send({ kind: 'status' });
    const pid = content?.workers[0]?.pid ?? 0;
    const before = residentBytes(pid);

    const sockets: Socket[] = [];
    test.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (let i = 0; i < CLIENTS; i++) {
      const socket = connect({ port: proxy.port, host: '127.0.0.1' });
      socket.on('error', () => {});
      socket.pause();
      socket.write('GET / HTTP/1.1\r\nHost: web\r\n\r\n');
      sockets.push(socket);
    }
    await eventually(
      'the backend is held back',
      settled(() => sent),
      30_000,
    );
    assert.ok(sent < CLIENTS * ANSWER_BYTES * 0.8, `${sent} bytes were taken from the backend`);
    const grown = residentBytes(pid) - before;
    const allowed = 2 * CLIENTS * PER_DIRECTION_BYTES + SLACK_BYTES;
    assert.ok(grown < allowed, `${grown} bytes more, ${allowed} allowed`);

    let received = 0;
    const [first] = sockets;
    first?.on('data', bytes => {
      received += bytes.length;
    });
    first?.resume();
    await eventually('the one that reads on gets all', () => received > ANSWER_BYTES, 30_000);
  });
});

/** True when a number has not changed for a while. */
function settled(count: () => number): () => boolean {
  let last = -1;
  let since = performance.now();
  return () => {
    const now = count();
    if (now !== last) since = performance.now();
    last = now;
    return last > 0 && performance.now() - since > 500;
  };
}
