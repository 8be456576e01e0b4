/** A request that no backend could answer: the proxy says which were tried and what happened. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { CommandClient } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { SilentMachine } from '../support/silent-machine.ts';
import { runRelais, startProxy } from '../support/start-proxy.ts';

interface Answer {
  readonly status: number;
  readonly id: string;
  readonly body: string;
}

/** A connection of its own for each request: either worker may get it. */
function get(port: number, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, agent: false, path: '/shop?item=1' };
    const request = http.get({ ...options, headers: { Host: 'web', ...headers } }, response => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        const id = String(response.headers['x-request-id']);
        resolve({ status: response.statusCode ?? 0, id, body });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** Where nobody listens: it was free a moment ago. */
async function freeAddress(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

function config(backends: readonly string[]): string {
  return `
    worker_count = 2
    log_level = "warn"
    [[listeners]]
    address = "127.0.0.1:0"
    protocol = "http"
    connect_timeout = 1
    [clusters.web]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:0", hostname = "web" }]
    backends = [${backends.join(', ')}]
    breaker = { first_wait = 600, longest_wait = 600 }
  `;
}

function backend(id: string, address: string): string {
  return `{ backend_id = "${id}", address = "${address}" }`;
}

/** Every worker has had enough of it. */
async function openBreakers(client: CommandClient, port: number, id: string): Promise<void> {
  await eventually('its breaker is open in both workers', async () => {
    await get(port);
    const { content } = await client.send({ kind: 'list-backends' });
    const views = content?.backends.find(each => each.backendId === id)?.workers ?? [];
    return views.length === 2 && views.every(view => view.breaker === 'open');
  });
}

async function startDeadCluster(test: TestContext): Promise<{
  readonly configFile: string;
  readonly port: number;
  readonly addresses: Readonly<Record<'open' | 'refusing' | 'silent', string>>;
}> {
  const [open, refusing] = [await freeAddress(), await freeAddress()];
  const machine = await SilentMachine.start('silent');
  test.after(() => machine.stop());
  await machine.vanish();
  const proxy = await startProxy(test, { config: config([backend('open', open)]) });
  const client = await proxy.connect();
  await openBreakers(client, proxy.port, 'open');
  const addresses = { open, refusing, silent: machine.address };
  for (const backendId of ['refusing', 'silent'] as const) {
    const address = addresses[backendId];
    await client.send({ kind: 'add-backend', backend: { clusterId: 'web', backendId, address } });
  }
  return { configFile: proxy.configFile, port: proxy.port, addresses };
}

describe('relais why', () => {
  it('tells of three dead backends how each was dead, whichever worker had the request', async test => {
    const { configFile, port, addresses } = await startDeadCluster(test);
    const answer = await get(port, { 'X-Request-Id': 'order-66', Accept: 'application/json' });
    assert.equal(answer.status, 503);
    assert.equal(answer.id, 'order-66');

    const told = await runRelais('-c', configFile, 'why', 'order-66');
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^Success: order-66: none of the 3 backends of cluster web answered/);
    assert.match(told.stdout, /Request order-66 at \S+, worker [12]: GET web\/shop\?item=1\n/);
    const { open, refusing, silent } = addresses;
    const steps = told.stdout.split('\n').filter(line => /^ {2}\d\. /.test(line));
    assert.equal(steps.length, 3, told.stdout);
    const [first = '', second = '', third = ''] = steps;
    const tries = [first, second].map(line => line.slice(5)).sort();
    assert.match(tries[0] ?? '', new RegExp(`^refusing \\(${refusing}\\) refused the connection`));
    assert.match(
      tries[1] ?? '',
      new RegExp(`^silent \\(${silent}\\) kept silent: the connect timed`),
    );
    assert.match(
      third,
      new RegExp(`open \\(${open}\\) was not tried: its circuit breaker is open, next try in \\d+`),
    );
    assert.match(told.stdout, /The proxy answered 503 itself after \d/);

    const asJson = await runRelais('-c', configFile, '--json', 'why', '--last');
    const { story } = JSON.parse(asJson.stdout);
    assert.equal(story.requestId, 'order-66');
    assert.deepEqual(story.attempts.map((each: { outcome: string }) => each.outcome).sort(), [
      'refused',
      'silent',
    ]);
    assert.deepEqual(
      story.skipped.map((each: { backendId: string; reason: string }) => [
        each.backendId,
        each.reason,
      ]),
      [['open', 'breaker-open']],
    );
  });

  it('says of an unknown id what is kept, and of a bad line how to ask', async test => {
    const proxy = await startProxy(test, { config: config([]) });
    const unknown = await runRelais('-c', proxy.configFile, 'why', 'nobody');
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /^Failure: no request "nobody" is remembered: each worker keeps the last 1000 requests that failed .*\(0 now\)/,
    );
    const { id } = await get(proxy.port);
    const empty = await runRelais('-c', proxy.configFile, 'why', id);
    assert.match(empty.stdout, /cluster web has no backend/);
    const unclear = await runRelais('-c', proxy.configFile, 'why');
    assert.equal(unclear.code, 2);
    assert.match(unclear.stderr, /which request\? relais why REQUEST-ID, or relais why --last/);
  });

  it('remembers a request that a second backend saved, and none that went well', async test => {
    const dead = await freeAddress();
    const server = http.createServer((_request, response) => response.end('alive'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    test.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const alive = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const text = config([backend('alive', alive), backend('dead', dead)]);
    const proxy = await startProxy(test, { config: text });
    const answers: Answer[] = [];
    for (let n = 0; n < 8; n++) answers.push(await get(proxy.port, { 'X-Request-Id': `id-${n}` }));
    assert.ok(answers.every(({ status }) => status === 200));
    const client = await proxy.connect();
    const asked = await Promise.all(
      answers.map(({ id }) => client.send({ kind: 'why', requestId: id })),
    );
    const stories = asked.flatMap(({ content }) => content?.story ?? []);
    assert.ok(stories.length >= 1 && stories.length < 8, `${stories.length} of 8 are remembered`);
    for (const { attempts, answeredBy, status } of stories) {
      assert.deepEqual([answeredBy, status], ['alive', 200]);
      assert.deepEqual(
        attempts.map(({ backendId, outcome }) => [backendId, outcome]),
        [['dead', 'refused']],
      );
    }
  });
});
