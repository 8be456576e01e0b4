/** What keyed policies keep together, with real requests. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { HashKey } from '../../../proxy/command/requests.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

async function start(hashKey: HashKey): Promise<void> {
  const backends = await Promise.all(
    Array.from({ length: 4 }, (_, index) => RawBackend.answering(() => answerOf(`b${index}`))),
  );
  test = await TestPlane.start({ backends });
  test.apply({
    kind: 'add-cluster',
    cluster: { id: 'web', loadBalancing: 'rendezvous', answers: {}, hashKey },
  });
}

/** How many different backends answer these requests. */
async function spread(requests: readonly string[]): Promise<number> {
  const answers = await Promise.all(requests.map(request => test.ask(request)));
  assert.ok(answers.every(answer => answer.startsWith('HTTP/1.1 200')));
  return new Set(answers.map(answer => answer.slice(-2))).size;
}

const CLOSE = 'Connection: close\r\n';
const many = Array.from({ length: 16 }, (_, index) => `v${index}`);

describe('hash keys', () => {
  it('client-ip: one visitor, one backend, whatever they ask', async () => {
    await start('client-ip');
    assert.equal(await spread(many.map(value => get(`/${value}`, CLOSE))), 1);
  });

  it('path: one backend for each path, without regard to the query', async () => {
    await start('path');
    assert.ok((await spread(many.map(value => get(`/${value}`, CLOSE)))) > 1);
    assert.equal(await spread(many.map(value => get(`/x?${value}`, CLOSE))), 1);
  });

  it('header: by its value, or by the address without it', async () => {
    await start('header:X-User');
    assert.ok((await spread(many.map(value => get('/', `${CLOSE}x-user: ${value}\r\n`)))) > 1);
    assert.equal(await spread(many.map(value => get(`/${value}`, `${CLOSE}X-User: a\r\n`))), 1);
    assert.equal(await spread(many.map(value => get(`/${value}`, CLOSE))), 1);
  });

  it('cookie: by its value, and the backend still gets it', async () => {
    await start('cookie:user');
    assert.ok((await spread(many.map(value => get('/', `${CLOSE}Cookie: user=${value}\r\n`)))) > 1);
    assert.equal(await spread(many.map(v => get('/', `${CLOSE}Cookie: a=${v}; user=z\r\n`))), 1);
  });

  it('host: one backend for each host', async () => {
    await start('host');
    assert.equal(await spread(many.map(value => get(`/${value}`, CLOSE))), 1);
  });
});
