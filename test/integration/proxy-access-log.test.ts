/** The access log of a real proxy with two workers, and what it has counted. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { RawClient } from '../support/raw-peer.ts';
import { runRelais, startProxy } from '../support/start-proxy.ts';

type Line = Readonly<Record<string, unknown>>;

async function startBackend(test: TestContext): Promise<string> {
  const server = http.createServer((_request, response) => response.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function config(target: string, address: string, more = ''): string {
  return `
    worker_count = 2
    log_level = "warn"
    access_logs_target = "${target}"
    ${more}
    [[listeners]]
    address = "127.0.0.1:0"
    protocol = "http"
    [clusters.web]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:0", hostname = "web", tags = { team = "shop" } }]
    backends = [{ backend_id = "one", address = "${address}", version = "v1" }]
  `;
}

/** One request on a connection of its own. */
async function ask(port: number, head: string): Promise<string> {
  const client = await RawClient.connect(port);
  client.send(head);
  const answer = await client.ended();
  client.close();
  return answer;
}

function get(target: string, fields = ''): string {
  return `GET ${target} HTTP/1.1\r\nHost: web\r\nConnection: close\r\n${fields}\r\n`;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'latin1').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

describe('the access log', () => {
  it('has one line per request of every kind, from both workers, also across a rotation', async test => {
    const proxy = await startProxy(test, {
      config: config('file://./access.log', await startBackend(test)),
    });
    const file = path.join(proxy.folder, 'access.log');
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    await ask(
      proxy.port,
      get('/a?b="c\\', `X-Request-Id: mine\r\ntraceparent: 00-${trace}-00f067aa0ba902b7-01\r\n`) +
        '',
    );
    await ask(proxy.port, 'nonsense\r\n\r\n');
    await ask(proxy.port, 'GET /none HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n');
    const quoted = 'User-Agent: a"b\\c\x80\r\nReferer: http://web/\r\n';
    for (let n = 0; n < 30; n++) await ask(proxy.port, get(`/${n}`, quoted));
    await eventually('33 lines are written', () => linesOf(file).length === 33);

    const lines = linesOf(file).map(line => JSON.parse(line) as Line);
    assert.deepEqual(new Set(lines.map(({ worker }) => worker)), new Set([1, 2]));
    const first = lines.find(line => line['request_id'] === 'mine') ?? {};
    const { target, status, cluster, backend, version, tags, bytes_out } = first;
    assert.deepEqual(
      { target, status, cluster, backend, version, tags },
      {
        target: '/a?b="c\\',
        status: 200,
        cluster: 'web',
        backend: 'one',
        version: 'v1',
        tags: { team: 'shop' },
      },
    );
    assert.ok(Number(bytes_out) > 100);
    assert.equal(first['trace_id'], trace);
    assert.match(String(first['span_id']), /^[0-9a-f]{16}$/);
    const refused = lines.filter(line => line['own_answer'] === true);
    assert.deepEqual(refused.map(line => line['status']).sort(), [400, 404]);
    assert.ok(lines.some(line => line['user_agent'] === 'a"b\\c\x80'));

    renameSync(file, `${file}.1`);
    process.kill(proxy.pid, 'SIGHUP');
    await eventually('a line is in the new file', async () => {
      await ask(proxy.port, get('/new'));
      return linesOf(file).length > 0;
    });
    const before = linesOf(`${file}.1`).length + linesOf(file).length;
    await ask(proxy.port, get('/last'));
    const stopped = await runRelais('-c', proxy.configFile, 'shutdown');
    assert.equal(stopped.code, 0, stopped.stderr);
    const all = [...linesOf(`${file}.1`), ...linesOf(file)];
    assert.ok(all.length > before);
    assert.equal(all.filter(line => JSON.parse(line).target === '/last').length, 1);
  });

  it('goes to the standard output of the proxy, in ASCII, and is written when it stops', async test => {
    const more = 'access_logs_format = "ascii"';
    const proxy = await startProxy(test, {
      config: config('stdout', await startBackend(test), more),
    });
    for (let n = 0; n < 10; n++) await ask(proxy.port, get(`/${n}`));
    const stopped = await runRelais('-c', proxy.configFile, 'shutdown');
    assert.equal(stopped.code, 0, stopped.stderr);
    const { stdout } = await proxy.ended;
    const lines = stdout.split('\n').filter(line => line.includes('-ACCESS'));
    assert.equal(lines.length, 10, stdout);
    const shape =
      /^\S+Z \d{19} \d+ INFO-ACCESS {2}WRK-0[12]\t\[\S+ \S+ web one\] \S+ \S+ \S+\/\S+\/\S+\/-\/- \d+ \d+ \[team=shop\] None HTTP web GET \/\d 200$/;
    for (const line of lines) assert.match(line, shape);
  });

  it('tells once that it cannot be written, goes on serving, and counts what it drops', async test => {
    const proxy = await startProxy(test, {
      config: config('file://./missing/access.log', await startBackend(test)),
    });
    const client = await proxy.connect();
    const causes: string[] = [];
    client.events(
      event => {
        if (event.kind === 'access-log-failing') causes.push(event.cause ?? '');
      },
      () => undefined,
    );
    for (let n = 0; n < 20; n++) assert.match(await ask(proxy.port, get('/')), /^HTTP\/1.1 200/);
    await eventually('both workers say so', () => causes.length >= 2);
    assert.match(causes[0] ?? '', /^the access log cannot be written: ENOENT.*missing/);
    assert.equal(causes.length, 2);
  });
});

describe('relais metrics', () => {
  it('adds up what the workers counted, by listener, cluster, version and backend', async test => {
    const proxy = await startProxy(test, {
      config: config('file://./access.log', await startBackend(test)),
    });
    for (let n = 0; n < 20; n++) await ask(proxy.port, get('/'));
    await ask(proxy.port, 'GET /none HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n');
    const client = await proxy.connect();
    const { content } = await client.send({ kind: 'show-metrics' });
    const [listener] = content?.listeners ?? [];
    assert.deepEqual(listener?.traffic.answers, { 200: 20, 404: 1 });
    const [cluster] = content?.clusters ?? [];
    assert.equal(cluster?.traffic.requests, 20);
    const [version] = content?.versions ?? [];
    assert.deepEqual([version?.version, version?.metrics.traffic.requests], ['v1', 20]);
    const [backend] = content?.backends ?? [];
    assert.equal(backend?.metrics.traffic.latency.count, 20);
    assert.ok((backend?.metrics.connects ?? 0) >= 1);
    assert.equal(content?.accessLog.linesWritten, 21);

    const shown = await runRelais('-c', proxy.configFile, 'metrics');
    assert.match(
      shown.stdout,
      /^listener +active +requests +2xx +3xx +4xx +5xx +p50 +p99 +in +out$/m,
    );
    assert.match(shown.stdout, /^web +v1 +0 +20 +20 +0 +0 +0 +\d\S* ms/m);
    assert.match(shown.stdout, /^access log: 21 lines$/m);
  });
});
