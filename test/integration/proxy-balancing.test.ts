/** Shares as clients see them, over real workers; and a backend that has a name. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CommandClient } from '../../proxy/index.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import { runRelais, startProxy } from '../support/start-proxy.ts';

function config(backends: readonly string[]): string {
  return `
    log_level = "warn"
    worker_count = 2
    [[listeners]]
    address = "127.0.0.1:0"
    protocol = "http"
    [clusters.web]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
    backends = [${backends.join(', ')}]
  `;
}

async function startBackend(test: TestContext, name: string): Promise<RawBackend> {
  const backend = await RawBackend.answering(() => answerOf(name));
  test.after(() => backend.close());
  return backend;
}

/** One request on a connection of its own; the body of the answer. */
async function ask(port: number): Promise<string> {
  const client = await RawClient.connect(port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const answer = await client.ended();
  client.close();
  assert.match(answer, /^HTTP\/1\.1 200 /);
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

/** Requests that each worker has sent to each of the backends, in the order of `ids`. */
async function countByWorker(
  client: CommandClient,
  ids: readonly string[],
): Promise<Map<number, number[]>> {
  const { content } = await client.send({ kind: 'list-backends' });
  const counts = new Map<number, number[]>();
  for (const { backendId, workers } of content?.backends ?? []) {
    for (const { workerId, requestsTotal } of workers) {
      const row = counts.get(workerId) ?? ids.map(() => 0);
      row[ids.indexOf(backendId)] = requestsTotal;
      counts.set(workerId, row);
    }
  }
  return counts;
}

/** Every run of `4 + 1` turns has exactly one for the canary; the last run may be incomplete. */
function checkEightyTwenty([stable = 0, canary = 0]: readonly number[]): void {
  const runs = Math.floor((stable + canary) / 5);
  assert.ok(canary === runs || canary === runs + 1, `${stable} : ${canary}`);
  if ((stable + canary) % 5 === 0) assert.equal(canary, runs);
}

describe('weights', () => {
  it('send exactly one request in five to a canary, in each worker, and change under traffic', async test => {
    const [stable, canary] = [await startBackend(test, 'v1'), await startBackend(test, 'v2')];
    const proxy = await startProxy(test, {
      config: config([
        `{ address = "${stable.address}", backend_id = "v1", weight = 80 }`,
        `{ address = "${canary.address}", backend_id = "v2", weight = 20 }`,
      ]),
    });
    const client = await proxy.connect();
    const seen: string[] = [];
    for (let i = 0; i < 60; i++) seen.push(await ask(proxy.port));
    const counts = await countByWorker(client, ['v1', 'v2']);
    assert.equal(counts.size, 2);
    for (const row of counts.values()) checkEightyTwenty(row);
    const total = [...counts.values()].reduce((sum, row) => sum + (row[1] ?? 0), 0);
    assert.equal(seen.filter(body => body === 'v2').length, total);

    const changed = await runRelais(
      ...['-s', proxy.socketPath, 'backend', 'add', '-i', 'web', '-a', stable.address],
      ...['--backend-id', 'v1', '--weight', '0'],
    );
    assert.match(changed.stdout, /already present; updated/);
    for (let i = 0; i < 6; i++) assert.equal(await ask(proxy.port), 'v2');
    const table = await runRelais('-s', proxy.socketPath, 'backend', 'list');
    assert.match(table.stdout, /v1 .* ready +0 +0 % /);
    assert.match(table.stdout, /v2 .* ready +20 +100 % /);
  });
});

describe('a backend with a name', () => {
  it('is found before the proxy is ready, shown with its addresses, and removed by its name', async test => {
    const backend = await startBackend(test, 'named');
    const name = `localhost:${backend.port}`;
    const proxy = await startProxy(test, {
      config: config([`{ address = "${name}", backend_id = "api" }`]),
    });
    for (let i = 0; i < 4; i++) assert.equal(await ask(proxy.port), 'named');
    const table = await runRelais('-s', proxy.socketPath, 'backend', 'list');
    assert.match(table.stdout, new RegExp(`127\\.0\\.0\\.1:${backend.port} \\(${name}\\) +ready`));

    const relais = (...words: readonly string[]) => runRelais('-s', proxy.socketPath, ...words);
    const removed = await relais('backend', 'remove', '-i', 'web', '-a', name);
    assert.equal(removed.code, 0, removed.stderr);
    const client = await RawClient.connect(proxy.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.match(await client.ended(), /^HTTP\/1\.1 503 /);
    client.close();

    const added = await relais('backend', 'add', '-i', 'web', '-a', name);
    assert.match(added.stdout, /added to cluster "web" on 2 workers\n/);
    // The reply comes when the workers know the addresses.
    assert.equal(await ask(proxy.port), 'named');
  });
});
