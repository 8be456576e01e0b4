/** Too few descriptors: clients wait, the others are served, nothing spins, and it passes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { clientsThatFit } from '../../proxy/limits/descriptor-budget.ts';
import { eventually } from '../support/eventually.ts';
import { oneBackendConfig } from '../support/one-backend-config.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import { makeFolder, spawnRelais, startProxy } from '../support/start-proxy.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';
const TICKS_PER_SECOND = 100;
/** Above what the program opens at once to read its own files. */
const LIMIT = 400;

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;
const skip = hasPrlimit ? false : 'needs the program prlimit (util-linux)';

/** Of one process, user and system, in seconds. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function setLimit(pid: number, limit: number): void {
  const { status, stderr } = spawnSync('prlimit', [
    '--pid',
    `${pid}`,
    `--nofile=${limit}:${LIMIT}`,
  ]);
  assert.equal(status, 0, stderr.toString());
}

describe('too few descriptors', { skip }, () => {
  it('so few that nobody could be served: refused, with both numbers and the fix', async test => {
    const folder = await makeFolder(test, {
      'proxy.toml': `
        command_socket = "./sock"
        worker_count = 200
        [[listeners]]
        address = "127.0.0.1:0"
        protocol = "http"
        [clusters.web]
        protocol = "http"
        frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
        backends = [{ address = "127.0.0.1:1" }]
      `,
    });
    const { ended } = spawnRelais(['start', '-c', path.join(folder, 'proxy.toml')], {
      wrapper: ['prlimit', `--nofile=${LIMIT}:${LIMIT}`],
    });
    const { code, stderr } = await ended;
    assert.equal(code, 1);
    assert.match(stderr, /may open 400 files, but this proxy needs 456 to serve.*ulimit -n 1024/);
  });

  it('so few that not even the program can be read: a sentence and not a stack', async () => {
    const { ended } = spawnRelais(['status'], { wrapper: ['prlimit', '--nofile=24:24'] });
    const { code, stderr } = await ended;
    assert.equal(code, 1);
    assert.equal(stderr, 'relais: a process may open too few files: run `ulimit -n 1024` before\n');
  });

  it('clients beyond them wait, and nothing spins', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    test.after(() => backend.close());
    const proxy = await startProxy(test, {
      config: oneBackendConfig({ backend: backend.address, workers: 1 }),
      options: { wrapper: ['prlimit', `--nofile=${LIMIT}:${LIMIT}`] },
    });
    assert.match(
      proxy.stderr() + proxy.stdout(),
      /max_connections is 10000, but a process may open 400 files.*ulimit -n 13387/,
    );
    const command = await proxy.connect();
    const status = async () => {
      const { content } = await command.send({ kind: 'status' });
      const worker = content?.workers[0];
      assert.ok(worker?.snapshot !== undefined);
      return worker.snapshot;
    };
    const fit = clientsThatFit(LIMIT);
    const clients: RawClient[] = [];
    test.after(() => {
      for (const client of clients) client.close();
    });
    for (let i = 0; i < fit + 30; i++) clients.push(await RawClient.connect(proxy.port));
    const { pid } = await eventually('as many as fit are accepted', async () => {
      const now = await status();
      return now.clientConnections === fit && !now.limits.accepting ? now : undefined;
    });
    for (const client of clients.slice(fit)) client.send(REQUEST);
    for (const client of clients.slice(0, fit)) await client.send(REQUEST).until('hi');
    const [before, since] = [cpuSeconds(pid), performance.now()];
    assert.ok(clients.slice(fit).every(({ received }) => received === ''));
    await eventually('a second passes', () => performance.now() - since > 1000);
    const share = (cpuSeconds(pid) - before) / ((performance.now() - since) / 1000);
    assert.ok(share < 0.1, `${share} of a processor is spent on waiting`);

    // Fewer than it has open: nothing more can be opened, not even to the backend.
    for (const peer of backend.peers) peer.socket.destroy();
    setLimit(pid, 20);
    const [first] = clients;
    const ask = async (): Promise<string> => {
      const at = first?.received.length ?? 0;
      first?.send(REQUEST);
      await eventually('an answer', () => (first?.received.length ?? 0) > at);
      return first?.received.slice(at) ?? '';
    };
    await eventually('the backend cannot be reached', async () =>
      (await ask()).startsWith('HTTP/1.1 503 '),
    );
    const { content } = await command.send({ kind: 'list-backends' });
    assert.deepEqual(
      content?.backends.map(({ breaker, failures }) => [breaker, failures]),
      [['closed', 0]],
    );
    const [cpu, from] = [cpuSeconds(pid), performance.now()];
    await eventually('a second passes', () => performance.now() - from > 1000);
    const spent = (cpuSeconds(pid) - cpu) / ((performance.now() - from) / 1000);
    assert.ok(spent < 0.1, 'nothing spins without descriptors');
    assert.equal((await status()).pid, pid, 'it did not crash');

    setLimit(pid, LIMIT);
    for (const client of clients.slice(1, fit)) client.close();
    await eventually('the others are served, since the descriptors are back', () =>
      clients.slice(fit).every(({ received }) => received.includes('hi')),
    );
    assert.match(await ask(), /^HTTP\/1\.1 200 /);
  });
});
