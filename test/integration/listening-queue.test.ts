/** While no worker accepts, clients wait in the kernel's queue, many of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { startProxy } from '../support/start-proxy.ts';

/** More than the 511 for whom Node makes room by itself. */
const CLIENTS = 700;
const skip = whyNot();

function whyNot(): string | false {
  if (process.platform !== 'linux') return 'counts on what Linux does with a full queue';
  const most = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  return most < CLIENTS && `this computer allows ${most} waiting connections`;
}

describe('a listener whose workers stand still', { skip }, () => {
  it(`keeps ${CLIENTS} clients waiting, and then answers each`, async test => {
    const proxy = await startProxy(test, {
      config: `
        log_level = "warn"
        worker_count = 1
        worker_timeout = 120
        [[listeners]]
        address = "127.0.0.1:0"
        protocol = "http"
      `,
    });
    const { content } = await (await proxy.connect()).send({ kind: 'status' });
    const pid = content?.workers[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    const clients: Socket[] = [];
    test.after(() => {
      for (const client of clients) client.destroy();
    });
    const errors: string[] = [];
    let connected = 0;
    let answered = 0;
    for (let n = 0; n < CLIENTS; n += 1) {
      const client = connect(proxy.port, '127.0.0.1');
      clients.push(client);
      client.on('error', error => errors.push(error.message));
      client.on('connect', () => {
        connected += 1;
      });
      client.once('data', bytes => {
        if (bytes.toString('latin1').startsWith('HTTP/1.1 404 ')) answered += 1;
      });
      client.write('GET / HTTP/1.1\r\nHost: nobody\r\n\r\n');
    }
    // Those for whom there is no room never get this far as long as the worker stands still.
    await eventually('all are connected', () => connected === CLIENTS, 30_000)
      .catch(error => assert.fail(`${error.message}: ${connected} of ${CLIENTS}; ${errors[0]}`))
      .finally(() => process.kill(pid, 'SIGCONT'));
    await eventually('all have an answer', () => answered === CLIENTS, 30_000);
    assert.equal(answered, CLIENTS);
  });
});
