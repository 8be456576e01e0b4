/** Every limit on a message, exactly: what is as long as it may be passes, one more does not. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  MAX_ANSWER_HEAD,
  MAX_CHUNK_EXTENSIONS,
  MAX_FIELDS,
  MAX_INTERIM_ANSWERS,
  MAX_REQUEST_FIELDS,
  MAX_REQUEST_LINE,
  MAX_TRAILERS,
} from '../../../proxy/http1/head-limits.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const HOST = 'Host: web\r\n';

/** A field line of this many bytes, its end included. */
function fieldOf(bytes: number): string {
  return `X: ${'y'.repeat(bytes - 'X: \r\n'.length)}\r\n`;
}

async function statusOf(request: string): Promise<number> {
  const backend = await RawBackend.start(peer => {
    const [, body = ''] = peer.received.split(/\r\n\r\n/, 2);
    const isWhole = !/chunked/.test(peer.received) || /0\r\n(?:.*\r\n)*\r\n$/.test(peer.received);
    if (peer.received.includes('\r\n\r\n') && isWhole) peer.send(answerOf(`got ${body.length}`));
  });
  test = await TestPlane.start({ backends: [backend] });
  const client = await test.client();
  client.send(request);
  return Number((await client.until('\r\n\r\n')).slice(9, 12));
}

describe('a request', () => {
  const line = (bytes: number): string =>
    `GET /${'a'.repeat(bytes - 'GET / HTTP/1.1'.length)} HTTP/1.1\r\n${HOST}\r\n`;
  // The section ends with the empty line.
  const section = (bytes: number): string =>
    `GET / HTTP/1.1\r\n${HOST}${fieldOf(bytes - HOST.length - 2)}\r\n`;
  const fields = (count: number): string =>
    `GET / HTTP/1.1\r\n${HOST}${'X: y\r\n'.repeat(count - 1)}\r\n`;
  const chunked = (extension: string, trailers: string): string =>
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n` +
    `1${extension}\r\nx\r\n0\r\n${trailers}\r\n`;
  // Two chunks share one limit.
  const extensions = (bytes: number): string =>
    chunked(`;${'e'.repeat(99)}\r\nx\r\n1;${'e'.repeat(bytes - 101)}`, '');

  const limits: readonly (readonly [string, number, (size: number) => string, number])[] = [
    ['line, which may have 8,000 bytes at least (RFC 9112 §3)', MAX_REQUEST_LINE, line, 414],
    ['field section', MAX_REQUEST_FIELDS, section, 431],
    ['number of fields', MAX_FIELDS, fields, 431],
    ['chunk extensions, all together', MAX_CHUNK_EXTENSIONS, extensions, 400],
    ['trailer section', MAX_TRAILERS, bytes => chunked('', fieldOf(bytes)), 400],
  ];
  for (const [title, limit, make, status] of limits) {
    it(`${title}: ${limit} passes, ${limit + 1} is ${status}`, async () => {
      assert.equal(await statusOf(make(limit)), 200);
      await test.stop();
      assert.equal(await statusOf(make(limit + 1)), status);
    });
  }

  it('line of 8,000 bytes is within the limit', () => assert.ok(MAX_REQUEST_LINE >= 8000));
});

describe('an answer', () => {
  async function answered(answer: string): Promise<string> {
    test = await TestPlane.start({ backends: [await RawBackend.answering(() => answer)] });
    return test.ask(get('/', 'Connection: close\r\n'));
  }
  const OK = 'HTTP/1.1 200 OK\r\n';
  const END = 'Content-Length: 4\r\n\r\nfine';

  it(`with ${MAX_INTERIM_ANSWERS} interim ones passes, one more is 502`, async () => {
    const interim = (count: number): string => 'HTTP/1.1 102 Wait\r\n\r\n'.repeat(count);
    const passed = await answered(`${interim(MAX_INTERIM_ANSWERS)}${OK}${END}`);
    assert.equal(passed.split('HTTP/1.1 102').length - 1, MAX_INTERIM_ANSWERS);
    assert.match(passed, /HTTP\/1\.1 200 OK\r\n[\s\S]*fine$/);
    await test.stop();
    const refused = await answered(`${interim(MAX_INTERIM_ANSWERS + 1)}${OK}${END}`);
    assert.match(refused, /HTTP\/1\.1 502 Bad Gateway\r\n/);
    assert.doesNotMatch(refused, /fine/);
  });

  it(`with a head of ${MAX_ANSWER_HEAD} bytes passes, with one more it is 502`, async () => {
    const rest = `${OK}Content-Length: 4\r\n\r\n`.length;
    const head = (bytes: number): string => `${OK}${fieldOf(bytes - rest)}${END}`;
    assert.match(await answered(head(MAX_ANSWER_HEAD)), /^HTTP\/1\.1 200 OK\r\n[\s\S]*fine$/);
    await test.stop();
    assert.match(await answered(head(MAX_ANSWER_HEAD + 1)), /^HTTP\/1\.1 502 Bad Gateway\r\n/);
  });

  it(`with ${MAX_FIELDS} fields passes, with one more it is 502`, async () => {
    const head = (count: number): string => `${OK}${'X: y\r\n'.repeat(count - 1)}${END}`;
    assert.match(await answered(head(MAX_FIELDS)), /^HTTP\/1\.1 200 /);
    await test.stop();
    assert.match(await answered(head(MAX_FIELDS + 1)), /^HTTP\/1\.1 502 /);
  });
});
