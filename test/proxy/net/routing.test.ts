/** What a client sees of routing: hosts, refusing frontends, paths that cannot be routed. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Frontend } from '../../../proxy/command/requests.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { LISTENER, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

async function startWith(...frontends: readonly Partial<Frontend>[]): Promise<RawBackend> {
  const backend = await RawBackend.answering(() => answerOf('hi'));
  test = await TestPlane.start({ backends: [backend] });
  for (const frontend of frontends) {
    test.apply({
      kind: 'add-frontend',
      frontend: { listener: LISTENER, hostname: 'web', path: '', clusterId: 'web', ...frontend },
    });
  }
  return backend;
}

const ask = (host: string, target: string, method = 'GET'): Promise<string> =>
  test.ask(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

describe('routing', () => {
  it('a wildcard serves names under localhost, with and without the final dot', async () => {
    await startWith({ hostname: '*.localhost' });
    for (const host of ['shop.localhost', 'SHOP.localhost:8080', 'shop.localhost.']) {
      assert.match(await ask(host, '/'), /^HTTP\/1\.1 200 /, host);
    }
    assert.match(await ask('localhost', '/'), /^HTTP\/1\.1 404 /);
    assert.match(await ask('.', '/'), /^HTTP\/1\.1 404 /);
  });

  it('a frontend without a cluster answers 401 with a challenge, and no backend is asked', async () => {
    const backend = await startWith({ path: '/admin', pathKind: 'segment', clusterId: null });
    for (const target of ['/admin', '/admin/x?y', '/%61dmin/', 'http://web/admin']) {
      const answer = await ask('web', target);
      assert.match(answer, /^HTTP\/1\.1 401 Unauthorized\r\n/, target);
      assert.match(answer, /\r\nWWW-Authenticate: /);
    }
    assert.equal(backend.peers.length, 0);
    assert.match(await ask('web', '/administration'), /^HTTP\/1\.1 200 /);
  });

  it('a way around such a frontend is refused with 400', async () => {
    const backend = await startWith({ path: '/admin', clusterId: null });
    for (const target of ['/x/../admin', '/x/%2e%2e/admin', '/x/..%2fadmin', '/./admin']) {
      assert.match(await ask('web', target), /^HTTP\/1\.1 400 /, target);
    }
    assert.equal(backend.peers.length, 0);
  });

  it('the backend gets the path as it was sent', async () => {
    const backend = await startWith({ path: '/%61b', pathKind: 'prefix' });
    assert.match(await ask('web', '/a%62/%7e?x=%2e%2e'), /^HTTP\/1\.1 200 /);
    assert.match(backend.requests[0] ?? '', /^GET \/a%62\/%7e\?x=%2e%2e HTTP/);
  });

  it('the method decides where a frontend names one', async () => {
    await startWith(
      { hostname: 'api', method: 'POST' },
      { hostname: 'api', method: 'GET', path: '/x', clusterId: null },
    );
    assert.match(await ask('api', '/x', 'POST'), /^HTTP\/1\.1 200 /);
    assert.match(await ask('api', '/x'), /^HTTP\/1\.1 401 /);
    assert.match(await ask('api', '/y'), /^HTTP\/1\.1 404 /);
  });
});
