/** A soft stop with a deadline: what ends in time is whole, the rest is cut and counted. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import { runRelais, startProxy } from '../support/start-proxy.ts';

const SWITCHED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\nhello';

function config(backend: string): string {
  return `
    worker_count = 2
    [[listeners]]
    address = "127.0.0.1:0"
    protocol = "http"
    [clusters.web]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
    backends = [{ address = "${backend}" }]
  `;
}

describe('relais shutdown --deadline', () => {
  it('cuts what is left at the deadline, and counts it', async test => {
    const backend = await RawBackend.answering(head => {
      if (head.startsWith('GET /tunnel')) return SWITCHED;
      // Without a length, only a reset tells the client that it is not whole.
      if (head.startsWith('GET /endless')) return 'HTTP/1.1 200 OK\r\n\r\nbeginning';
      return answerOf('hi');
    });
    test.after(() => backend.close());
    const proxy = await startProxy(test, { config: config(backend.address) });
    const clients = await Promise.all([0, 1, 2].map(() => RawClient.connect(proxy.port)));
    const [endless, other, tunnel] = clients;
    assert.ok(endless !== undefined && other !== undefined && tunnel !== undefined);
    for (const each of [endless, other]) {
      await each.send('GET /endless HTTP/1.1\r\nHost: web\r\n\r\n').until('beginning');
    }
    const upgrade = 'GET /tunnel HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: raw\r\n';
    await tunnel.send(`${upgrade}\r\n`).until('hello');

    const shutdown = await runRelais('-c', proxy.configFile, 'shutdown', '--deadline', '0.3');
    assert.equal(shutdown.code, 0, shutdown.stderr);
    assert.match(shutdown.stderr, /Processing: draining 2 workers, for 0\.3 s at most/);
    const success = 'Success: closed 2 workers, cut 2 requests, 1 tunnel; the proxy has ended\n';
    assert.equal(shutdown.stdout, success);
    for (const each of clients) {
      await eventually('the client is cut', () => each.end === 'reset');
    }
    assert.equal((await proxy.ended).code, 0);
  });

  it('ends by itself before the deadline when nothing is left', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    test.after(() => backend.close());
    const proxy = await startProxy(test, { config: config(backend.address) });
    const shutdown = await runRelais('-c', proxy.configFile, 'shutdown', '--deadline', '3600');
    assert.equal(shutdown.stdout, 'Success: closed 2 workers; the proxy has ended\n');
  });

  it('makes no sense with --hard, and takes no negative time', async () => {
    const both = await runRelais('-s', '/nowhere', 'shutdown', '--hard', '--deadline', '1');
    assert.equal(both.code, 2);
    const odd = await runRelais('-s', '/nowhere', 'shutdown', '--deadline=-1');
    assert.equal(odd.code, 2);
    assert.match(odd.stderr, /number of seconds/);
  });
});
