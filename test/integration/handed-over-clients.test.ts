/** Idle clients of a worker that is replaced go on with others, and when one of those dies, too. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freeze } from '../../scripts/chaos/processes.ts';
import { eventually } from '../support/eventually.ts';
import { RawClient } from '../support/raw-peer.ts';
import { startProxy } from '../support/start-proxy.ts';

const CLIENTS = 20;
const REQUEST = 'GET / HTTP/1.1\r\nHost: nobody\r\n\r\n';
const skip = process.platform !== 'linux' && 'needs /proc of Linux';

describe('clients on their way to a worker that dies', { skip }, () => {
  it('are served by another one', async test => {
    const proxy = await startProxy(test, {
      config: `
        log_level = "warn"
        worker_timeout = 120
        [[listeners]]
        address = "127.0.0.1:0"
        protocol = "http"
      `,
    });
    const command = await proxy.connect();
    const { content } = await command.send({ kind: 'status' });
    const [giver, taker] = content?.workers ?? [];
    assert.ok(giver && taker);
    // From now on the other one accepts every client.
    await freeze(taker.pid);
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, () => RawClient.connect(proxy.port)),
    );
    test.after(() => {
      for (const client of clients) client.close();
    });
    for (const client of clients) await client.send(REQUEST).until('HTTP/1.1 404 ');
    const reply = await command.send(
      { kind: 'upgrade-worker', workerId: giver.workerId },
      { timeoutMs: 60_000 },
    );
    assert.equal(reply.status, 'ok', reply.message);
    process.kill(taker.pid, 'SIGKILL');
    for (const client of clients) client.send(REQUEST);
    await eventually(
      'every client has its second answer',
      () => clients.every(client => client.received.split('HTTP/1.1 404 ').length === 3),
      30_000,
    ).catch(error => {
      const ends = clients.map(client => `${client.end}: ${client.received.split('404').length}`);
      throw new Error(`${error.message}: ${ends.join(', ')}`);
    });
  });
});
