/** What a backend is told about the client: what a stranger claims never, what a proxy says always. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Listener } from '../../../proxy/command/requests.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

/** Sends these fields; the head that the backend got. */
async function relayed(listener: Partial<Listener>, fields: string): Promise<string> {
  const backend = await RawBackend.answering(() => answerOf('hi'));
  test = await TestPlane.start({ backends: [backend], listener });
  await test.ask(get('/', `${fields}Connection: close\r\n`));
  return backend.requests[0] ?? assert.fail('nothing came');
}

const claims =
  'X-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\nX-Forwarded-Host: evil.example\r\n' +
  'X-Forwarded-Prefix: /evil\r\nX-Forwarded-Scheme: https\r\nX-Forwarded-Ssl: on\r\n' +
  'X-Forwarded-Server: evil\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nForwarded: for=6.6.6.6\r\n';
const trusted = { trustedProxies: ['127.0.0.0/8'] };

describe('forwarding fields', () => {
  // CVE-2026-3635 and Sōzu's default: proto and host were believed from anyone.
  it('of a stranger are overwritten or removed, lists are appended to', async () => {
    for (const listener of [{}, { trustedProxies: ['192.0.2.1', '2001:db8::/32'] }]) {
      const head = await relayed(listener, claims);
      assert.match(head, /\r\nX-Forwarded-Proto: http\r\n/);
      assert.match(head, new RegExp(`\r\nX-Forwarded-Port: ${test.port}\r\n`));
      assert.doesNotMatch(head, /evil|https|Port: 443\r|-(Host|Prefix|Scheme|Ssl|Server):/i);
      assert.match(head, /\r\nX-Forwarded-For: 6\.6\.6\.6, 203\.0\.113\.9, 127\.0\.0\.1\r\n/);
      assert.match(head, /\r\nForwarded: for=6\.6\.6\.6, proto=http;for="127\.0\.0\.1:/);
      if (listener.trustedProxies === undefined) await test.stop();
    }
  });

  it('do not get through in the spelling that CGI takes for the same', async () => {
    const sent =
      'X_Forwarded_For: 6.6.6.6\r\nX-Forwarded_Proto: https\r\nx_real_ip: 6.6.6.6\r\n' +
      'X_REQUEST-ID: evil\r\nX_Custom_Id: 1\r\nx_: 2\r\n';
    for (const listener of [{}, trusted]) {
      const head = await relayed(listener, sent);
      assert.doesNotMatch(head, /6\.6|https|evil/);
      assert.match(head, /\r\nX_Custom_Id: 1\r\nx_: 2\r\n/);
      if (listener !== trusted) await test.stop();
    }
  });

  it('of a trusted proxy are kept', async () => {
    const head = await relayed(trusted, claims);
    for (const line of ['-Proto: https', '-Port: 443', '-Host: evil.example', '-Ssl: on']) {
      assert.equal(head.split(`\r\nX-Forwarded${line}\r\n`).length, 2, line);
    }
    assert.match(head, /\r\nX-Forwarded-For: 6\.6\.6\.6, 203\.0\.113\.9, 127\.0\.0\.1\r\n/);
    assert.equal(head.match(/x-forwarded-proto/gi)?.length, 1);
  });

  it('are added for a trusted proxy that says nothing, but no port beside its proto', async () => {
    const silent = await relayed(trusted, '');
    assert.match(silent, /\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: \d+\r\n/);
    await test.stop();
    const proto = await relayed(trusted, 'X-Forwarded-Proto: https\r\n');
    assert.match(proto, /\r\nX-Forwarded-Proto: https\r\n/);
    assert.doesNotMatch(proto, /-Port/);
  });

  it('of a trusted proxy that were meant for this hop alone are written anew', async () => {
    const sent = 'Connection: X-Forwarded-Proto, close\r\nX-Forwarded-Proto: https\r\n';
    const head = await relayed(trusted, sent);
    assert.match(head, /\r\nX-Forwarded-Proto: http\r\n/);
    assert.doesNotMatch(head, /https/);
  });
});

describe('X-Real-IP', () => {
  const sent = 'X-Real-IP: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.9\r\n';
  const values = (head: string): string[] =>
    [...head.matchAll(/\r\nX-Real-IP: ([^\r]*)/gi)].map(match => match[1] ?? '');

  const cases: readonly (readonly [Listener['realIp'], string[], string[]])[] = [
    [undefined, ['6.6.6.6'], ['6.6.6.6']],
    ['keep', ['6.6.6.6'], ['6.6.6.6']],
    ['elide', [], []],
    ['send', ['6.6.6.6', '127.0.0.1'], ['6.6.6.6', '203.0.113.9']],
    ['elide-and-send', ['127.0.0.1'], ['203.0.113.9']],
  ];
  for (const [realIp, fromStranger, fromProxy] of cases) {
    it(`${realIp ?? 'by default'}`, async () => {
      const rule = realIp === undefined ? {} : { realIp };
      assert.deepEqual(values(await relayed(rule, sent)), fromStranger);
      await test.stop();
      assert.deepEqual(values(await relayed({ ...trusted, ...rule }, sent)), fromProxy);
    });
  }
});
