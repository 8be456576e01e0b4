/** The HTTP admin API under bytes that are wrong, rude or unfinished: nothing crashes, nothing is kept. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { abuse } from '../support/abuse-messages.ts';
import { type ApiClient, adminOf, adminTable, token } from '../support/admin-client.ts';
import { eventually } from '../support/eventually.ts';
import { openDescriptors, residentBytes } from '../support/process-facts.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startProxy } from '../support/start-proxy.ts';

const MESSAGES = 2_000;
const AT_ONCE = 8;
/** More than are let in: who says nothing makes room. */
const SLOW = 200;
const SLACK_BYTES = 256 * 1024 * 1024;
const config = `
worker_count = 2
log_level = "info"
${adminTable}
[[listeners]]
protocol = "http"
address = "127.0.0.1:0"
[clusters.web]
protocol = "http"
frontends = []
backends = [{ address = "127.0.0.1:9", backend_id = "one", weight = 1 }]
`;
const skip = process.platform === 'linux' ? false : 'reads /proc';

type Random = () => number;

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** A request with these bytes as its body; the connection ends with the answer. */
function post(port: number, body: Buffer, fields = `Authorization: Bearer ${token}\r\n`): Buffer {
  const head =
    `POST /v1/requests HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${fields}` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const change = Buffer.from('{"kind":"remove-cluster","clusterId":"web"}');

/** What no honest client sends, with what may be answered; '' is a connection that is just closed. */
function wrong(n: number, port: number, random: Random): readonly [Buffer, RegExp] {
  const host = `Host: 127.0.0.1:${port}\r\n`;
  const own = `${host}Authorization: Bearer ${token}\r\n`;
  const text = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');
  switch (n % 10) {
    case 0: {
      const bytes = Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256)));
      return [Buffer.concat([bytes, text('\r\n\r\n')]), /^HTTP\/1\.1 400 /];
    }
    case 1:
      // Cut while it still sends, a client may lose the answer.
      return [text(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${own}\r\n`), /^(HTTP\/1\.1 431 .*)?$/s];
    case 2: {
      const fields = pick(random, [
        '',
        'Authorization: Bearer x\r\n',
        `Authorization: ${token}\r\n`,
      ]);
      return [post(port, change, fields), /^HTTP\/1\.1 401 /];
    }
    case 3: {
      const large = 'Content-Type: application/json\r\nContent-Length: 1048577\r\n\r\n{';
      if (random() < 0.5) {
        return [text(`POST /v1/requests HTTP/1.1\r\n${own}${large}`), /^HTTP\/1\.1 413 /];
      }
      return [post(port, change, 'Origin: http://evil.example\r\n'), /^HTTP\/1\.1 403 /];
    }
    case 4: {
      const both = 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n';
      return [text(`POST /v1/requests HTTP/1.1\r\n${own}${both}\r\n0\r\n\r\n`), /^HTTP\/1\.1 400 /];
    }
    case 5: {
      const method = pick(random, ['CONNECT', 'PRI', 'BREW', 'get', 'TRACE', 'DELETE']);
      const head = `${method} ${pick(random, ['*', '/../etc', '/v1/status', '/%00'])} HTTP/1.1\r\n`;
      return [text(`${head}${own}Connection: close\r\n\r\n`), /^HTTP\/1\.1 40[045] /];
    }
    case 6: {
      const path = pick(random, [
        '/__proto__',
        '/constructor',
        '//',
        '/v1/clusters?cluster=%00',
        '/v1/why?id=',
      ]);
      return [
        text(`GET ${path} HTTP/1.1\r\n${own}Connection: close\r\n\r\n`),
        /^HTTP\/1\.1 40[04] /,
      ];
    }
    case 7: {
      const body = post(port, change);
      // Begun, and left: the answer may come or not.
      return [
        body.subarray(0, Math.floor(random() * (body.length - change.length))),
        /^(HTTP.*)?$/s,
      ];
    }
    default: {
      // The small ones, with the large ones in between; their end is no part of a body.
      const { bytes } = abuse(n % 50 === 8 ? n * 4 : n, random);
      return [post(port, bytes.subarray(0, -1)), /^HTTP\/1\.1 (400|409|200) /];
    }
  }
}

/** Sends it, ends, and gives back what came. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    socket.on('data', chunk => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve(text));
    socket.end(bytes);
  });
}

async function hashOf(api: ApiClient): Promise<string> {
  const { status, json, text } = await api.get('/v1/status');
  assert.equal(status, 200, text);
  const { stateHash } = (json?.content ?? {}) as { stateHash?: string };
  assert.ok(stateHash);
  return stateHash;
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.off('error', reject).on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

describe('the admin API', { skip }, () => {
  it('outlives requests that are wrong, rude or unfinished', async test => {
    const proxy = await startProxy(test, { config });
    const api = await adminOf(proxy);
    const port = Number(/admin API on http:\/\/127\.0\.0\.1:(\d+)/.exec(proxy.stdout())?.[1]);
    const hash = await hashOf(api);
    const atMost = openDescriptors(proxy.pid);
    const bytes = residentBytes(proxy.pid);
    const seed = randomInt(2 ** 31);

    const ask = async (share: number): Promise<void> => {
      const random = seededRandom(seed + share);
      for (let n = share; n < MESSAGES; n += AT_ONCE) {
        const [sent, expected] = wrong(n, port, random);
        const told = await exchange(port, sent);
        const shown = `seed ${seed}, request ${n}: ${sent.toString('latin1').slice(0, 300)}`;
        assert.match(told, expected, shown);
        if (n % 100 === share) assert.equal(await hashOf(api), hash, shown);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, share) => ask(share)));

    const slow = await Promise.all(Array.from({ length: SLOW }, () => opened(port)));
    for (const [index, socket] of slow.entries()) {
      const head = post(port, change);
      socket.write(head.subarray(0, 1 + (index % (head.length - change.length))));
    }
    for (let n = 0; n < 50; n += 1) assert.equal(await hashOf(api), hash);
    for (const socket of slow) socket.destroy();

    await eventually(
      `no more than ${atMost} descriptors`,
      () => openDescriptors(proxy.pid) <= atMost,
    );
    const grown = residentBytes(proxy.pid) - bytes;
    assert.ok(grown < SLACK_BYTES, `grown by ${grown} bytes`);
    const client = await proxy.connect();
    const { content } = await client.send({ kind: 'status' });
    assert.equal(content?.pid, proxy.pid);
    assert.deepEqual(
      content.workers.map(({ workerId }) => workerId),
      [1, 2],
    );
  });
});
