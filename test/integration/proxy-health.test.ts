/** Health checks of a real proxy: one prober, every worker told, those included that start later. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { BackendReport, CommandClient } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { runRelais, startProxy } from '../support/start-proxy.ts';

interface Machine {
  readonly address: string;
  healthy: boolean;
  checks: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Answers requests with its name always, and checks as its health says. */
async function startMachine(test: TestContext, name: string): Promise<Machine> {
  const server = http.createServer((request, response) => {
    if (request.url !== '/health') return response.end(name);
    machine.checks++;
    response.statusCode = machine.healthy ? 200 : 503;
    return response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const machine: Machine = {
    address: `127.0.0.1:${port}`,
    healthy: true,
    checks: 0,
    stop: async () => {
      server.close();
      await once(server, 'close');
    },
    start: async () => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
  return machine;
}

async function ask(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return answer.text();
}

async function reports(client: CommandClient): Promise<readonly BackendReport[]> {
  const reply = await client.send({ kind: 'list-backends' });
  assert.ok(reply.content !== undefined);
  return reply.content.backends;
}

/** Resolves when every worker knows it of the first backend. */
function known(client: CommandClient, healthy: boolean, workers: number): Promise<unknown> {
  return eventually(`${workers} workers know healthy=${healthy}`, async () => {
    const views = (await reports(client))[0]?.workers ?? [];
    return views.length === workers && views.every(view => view.healthy === healthy);
  });
}

describe('health checks', () => {
  it('take a backend out in all workers, also in one that starts later, and bring it back', async test => {
    const [one, two] = [await startMachine(test, 'one'), await startMachine(test, 'two')];
    const proxy = await startProxy(test, {
      config: `
        log_level = "warn"
        worker_count = 2
        [[listeners]]
        address = "127.0.0.1:0"
        protocol = "http"
        [clusters.webapp]
        protocol = "http"
        frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
        backends = [
          { address = "${one.address}", backend_id = "one" },
          { address = "${two.address}", backend_id = "two" },
        ]
        [clusters.webapp.health_check]
        uri = "/health"
        interval = 0.1
        timeout = 1
        healthy_threshold = 2
        unhealthy_threshold = 2
      `,
    });
    const client = await proxy.connect();
    one.healthy = false;
    await known(client, false, 2);
    for (let i = 0; i < 8; i++) assert.equal(await ask(proxy.port), 'two');
    const table = (await runRelais('backend', 'list', '--socket', proxy.socketPath)).stdout;
    assert.match(table, /webapp +one .* unhealthy +closed/);
    assert.match(table, /webapp +two .* healthy +closed/);

    const listed = (await client.send({ kind: 'list-backends' })).content?.backends ?? [];
    assert.deepEqual(
      listed.map(({ backendId, check }) => [backendId, check?.needed]),
      [
        ['one', 2],
        ['two', 2],
      ],
    );

    const where = ['-i', 'webapp', '-a', one.address, '-s', proxy.socketPath];
    assert.equal((await runRelais('backend', 'drain', ...where)).code, 0);
    const sick = await runRelais('backend', 'ready', '--when-healthy', '10', ...where);
    assert.equal(sick.code, 1);
    assert.match(
      sick.stderr,
      /stays in drain: its health checks fail \(.* 503, not 2xx\)\. The oth/,
    );
    one.healthy = true;
    const well = await runRelais('backend', 'ready', '--when-healthy', '10', ...where);
    assert.equal(well.code, 0, well.stderr);
    assert.equal(
      (await client.send({ kind: 'list-backends' })).content?.backends[0]?.admin,
      'ready',
    );
    one.healthy = false;
    await known(client, false, 2);

    const status = await client.send({ kind: 'status' });
    const victim = status.content?.workers[0];
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    await eventually('another worker took its place', async () => {
      const { content } = await client.send({ kind: 'status' });
      const running = content?.workers.filter(worker => worker.runState === 'running') ?? [];
      return running.length === 2 && running.every(worker => worker.pid !== victim?.pid);
    });
    await known(client, false, 2);

    two.healthy = false;
    const answers = await eventually(
      'requests go to unhealthy ones when there are no others',
      async () => {
        const got = new Set(await Promise.all(Array.from({ length: 8 }, () => ask(proxy.port))));
        return got.size === 2 ? got : undefined;
      },
    );
    assert.deepEqual([...answers].toSorted(), ['one', 'two']);

    two.healthy = true;
    one.healthy = true;
    await known(client, true, 2);
    const before = one.checks;
    await eventually('it is checked by one prober', () => one.checks >= before + 5);
  });
});

describe('a backend that one worker cannot reach', () => {
  it('is open in all workers, and closed in all when one reaches it again', async test => {
    const gone = await startMachine(test, 'gone');
    const other = await startMachine(test, 'other');
    await gone.stop();
    const proxy = await startProxy(test, {
      config: `
        log_level = "warn"
        worker_count = 3
        [[listeners]]
        address = "127.0.0.1:0"
        protocol = "http"
        [clusters.webapp]
        protocol = "http"
        frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
        backends = [
          { address = "${gone.address}", backend_id = "gone" },
          { address = "${other.address}", backend_id = "other" },
        ]
      `,
    });
    const client = await proxy.connect();
    const breakers = async (): Promise<string[]> =>
      ((await reports(client))[0]?.workers ?? []).map(({ breaker }) => breaker);
    await eventually('it is open somewhere', async () => {
      assert.equal(await ask(proxy.port), 'other');
      return (await breakers()).includes('open');
    });
    await eventually('it is open everywhere', async () =>
      (await breakers()).every(breaker => breaker !== 'closed'),
    );
    await gone.start();
    await eventually('it is closed everywhere', async () => {
      await ask(proxy.port);
      return (await breakers()).every(breaker => breaker === 'closed');
    });
    const causes: string[] = [];
    const stop = client.events(event => causes.push(event.cause ?? ''));
    await eventually('news was told', () => causes.some(cause => /^worker \d: /.test(cause)));
    stop();
  });
});
