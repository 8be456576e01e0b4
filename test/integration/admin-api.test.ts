/** The requests of the command socket over HTTP. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { ProxyEvent } from '../../proxy/index.ts';
import { type ApiClient, adminOf, adminTable, token } from '../support/admin-client.ts';
import { eventually } from '../support/eventually.ts';
import { parseOpenMetrics } from '../support/openmetrics-parser.ts';
import { type RunningProxy, startProxy } from '../support/start-proxy.ts';

const listener = '[[listeners]]\naddress = "127.0.0.1:0"\nprotocol = "http"\n';
const config = `worker_count = 2\n${adminTable}${listener}
[clusters.web]
protocol = "http"
frontends = []
backends = [{ address = "127.0.0.1:9", backend_id = "one" }]
`;

async function started(test: TestContext, text = config): Promise<[ApiClient, RunningProxy]> {
  const proxy = await startProxy(test, { config: text });
  return [await adminOf(proxy), proxy];
}

describe('admin API', () => {
  it('takes every kind of request that the command socket takes', async test => {
    const [api, proxy] = await started(test);
    const cluster = { id: 'api', loadBalancing: 'round-robin', answers: {} };
    const backend = { clusterId: 'api', backendId: 'b', address: '127.0.0.1:1' };
    const frontend = { listener: proxy.addresses[0], hostname: '*', path: '', clusterId: 'api' };
    const changes: readonly object[] = [
      { kind: 'configure', settings: {} },
      { kind: 'add-cluster', cluster },
      { kind: 'add-backend', backend },
      { kind: 'set-weight', clusterId: 'api', address: '127.0.0.1:1', weight: 7 },
      { kind: 'add-frontend', frontend },
      { kind: 'status' },
      { kind: 'list-backends' },
      { kind: 'list-clusters' },
      { kind: 'show-metrics' },
      { kind: 'explain', method: 'GET', url: 'http://example.org/' },
      { kind: 'remove-frontend', frontend },
      { kind: 'remove-backend', clusterId: 'api', address: '127.0.0.1:1' },
      { kind: 'remove-cluster', clusterId: 'api' },
    ];
    for (const change of changes) {
      const { status, json } = await api.post({ id: 7, ...change });
      assert.equal(status, 200, `${JSON.stringify(change)}: ${json?.message}`);
      assert.equal(json?.status, 'ok');
      assert.equal(json.id, 7);
    }
    const client = await proxy.connect();
    const before = await client.send({ kind: 'dump-state' });
    const { json } = await api.post({ kind: 'dump-state' });
    assert.deepEqual(json?.content, before.content);
  });

  it('takes a list of requests as one transaction, and a dry run', async test => {
    const [api] = await started(test);
    const cluster = { id: 'api', loadBalancing: 'round-robin', answers: {} };
    const add = { kind: 'add-cluster', cluster };
    const dry = await api.post({ ...add, dryRun: true });
    assert.equal(dry.status, 200);
    assert.match(dry.json?.message ?? '', /^would do: /);
    const none = await api.post([add, { kind: 'remove-cluster', clusterId: 'no-such' }]);
    assert.equal(none.status, 409);
    const { content } = (await api.get('/v1/clusters')).json as { content: { clusters: [] } };
    assert.equal(content.clusters.length, 1);
    const both = await api.post([add, { kind: 'remove-cluster', clusterId: 'api' }]);
    assert.equal(both.status, 200, both.text);
    assert.equal((both.json as { content: { workers: number } }).content.workers, 2);
    assert.equal((await api.post([])).status, 400);
  });

  it('answers the questions that people ask with GET', async test => {
    const [api, proxy] = await started(test);
    const index = await api.get('/');
    assert.equal(index.status, 200);
    const { get: paths } = index.json as { get: string[] };
    for (const each of paths.filter(route => route !== '/v1/events')) {
      const { status, text } = await api.get(`${each}?url=http://example.org/`);
      // No request has gone wrong yet.
      assert.equal(status, each === '/v1/why' ? 409 : 200, `${each}: ${text.slice(0, 200)}`);
      const head = await api.ask({ method: 'HEAD', path: `${each}?url=http://example.org/` });
      assert.deepEqual([head.status, head.text], [status, ''], each);
    }
    const listeners = await api.get('/v1/listeners');
    const { content } = listeners.json as {
      content: { listeners: { config: { address: string } }[] };
    };
    assert.deepEqual(
      content.listeners.map(({ config: { address } }) => address),
      proxy.addresses,
    );
    const backends = await api.get('/v1/backends?cluster=web');
    assert.equal(
      (backends.json as { content: { backends: unknown[] } }).content.backends.length,
      1,
    );
  });

  it('says in the status what went wrong, and in the body why', async test => {
    const [api] = await started(test);
    const json = { 'content-type': 'application/json' };
    const big = 'x'.repeat(1024 * 1024 + 1);
    const post = { method: 'POST', path: '/v1/requests' } as const;
    const wrong: readonly (readonly [Parameters<ApiClient['ask']>[0], number, RegExp])[] = [
      [{ ...post, headers: json, body: '{' }, 400, /the message is not JSON/],
      [{ ...post, headers: json, body: '"x"' }, 400, /not a JSON object/],
      [{ ...post, headers: json, body: '{"kind":"statsu"}' }, 400, /did you mean \\"status\\"/],
      [{ ...post, headers: json, body: '{"kind":"subscribe-events"}' }, 400, /GET \/v1\/events/],
      [{ ...post, headers: json, body: '{"kind":"remove-cluster"}' }, 400, /clusterId/],
      [
        { ...post, headers: json, body: '{"kind":"remove-cluster","clusterId":"wbe"}' },
        409,
        /did you mean \\"web\\"/,
      ],
      [
        { ...post, headers: { 'content-type': 'text/plain' }, body: '{}' },
        415,
        /application\/json/,
      ],
      [{ ...post, headers: json, body: big }, 413, /larger than 1048576 bytes/],
      [{ path: '/v1/request' }, 404, /GET \/ lists/],
      [{ path: '/v1/requests' }, 405, /takes POST, not GET/],
      [{ method: 'DELETE', path: '/v1/status' }, 405, /takes GET, HEAD/],
      [{ path: '/v1/status', headers: { authorization: 'Bearer wrong' } }, 401, /not the one/],
      [{ path: '/v1/status', headers: { authorization: '' } }, 401, /Authorization: Bearer/],
      [{ path: '/metrics', headers: { authorization: '' } }, 401, /Authorization: Bearer/],
      [{ path: '/v1/status', headers: { host: 'evil.example' } }, 403, /Host field/],
      [{ path: '/healthz', headers: { host: 'evil.example' } }, 403, /Host field/],
      [{ path: '/v1/status', headers: { origin: 'http://evil.example' } }, 403, /Origin/],
    ];
    for (const [spec, status, message] of wrong) {
      const shown = JSON.stringify(spec).slice(0, 120);
      const answer = await api.ask(spec);
      assert.equal(answer.status, status, `${shown}: ${answer.text}`);
      assert.match(answer.text, message, shown);
      assert.equal(answer.json?.status, 'failure');
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
    const { headers } = await api.ask({ method: 'PUT', path: '/v1/requests' });
    assert.equal(headers.allow, 'POST');
    const denied = await api.get('/v1/status', { authorization: 'Bearer x' });
    assert.match(denied.headers['www-authenticate'] ?? '', /^Bearer/);
    assert.equal((await api.get('/healthz', { authorization: '' })).status, 200);
  });

  it('needs no token on a unix socket, which is closed to others', async test => {
    const unix = `[admin]\naddress = "unix://admin.sock"\n${listener}`;
    const [api, proxy] = await started(test, unix);
    const file = path.join(proxy.folder, 'admin.sock');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await api.get('/v1/status', { host: 'anything' })).status, 200);
    const client = await proxy.connect();
    await client.send({ kind: 'soft-stop' });
    await proxy.ended;
    assert.throws(() => statSync(file), /ENOENT/);
  });

  it('tells all that is counted, as OpenMetrics or as older readers like it', async test => {
    const server = createServer((_request, response) => response.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    test.after(() => server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const backend = `127.0.0.1:${port}`;
    const text = `worker_count = 2\n${adminTable}[metrics]\ndetail = "backend"\n${listener}
[clusters.web]
protocol = "http"
frontends = []
backends = [{ address = "${backend}", backend_id = "one", version = "v1" }]
`;
    const [api, proxy] = await started(test, text);
    const frontend = { listener: proxy.addresses[0], hostname: '*', path: '', clusterId: 'web' };
    await api.post({ kind: 'add-frontend', frontend });
    for (let n = 0; n < 5; n++) await visit(proxy.port);
    await eventually('all requests are counted', async () => {
      const { text: shown, headers } = await api.get('/metrics');
      assert.equal(
        headers['content-type'],
        'application/openmetrics-text; version=1.0.0; charset=utf-8',
      );
      const families = parseOpenMetrics(shown);
      const count = (name: string): number | undefined => families.get(name)?.samples[0]?.value;
      assert.equal(count('relais_configuration_clusters'), 1);
      assert.equal(count('relais_backend_available'), 1);
      return (
        count('relais_http_requests') === 5 &&
        count('relais_cluster_http_status_2xx') === 5 &&
        count('relais_backend_http_requests') === 5 &&
        count('relais_cluster_version_http_requests') === 5
      );
    });
    const old = await api.get('/metrics', { accept: 'text/plain;version=0.0.4, */*;q=0.1' });
    assert.equal(old.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.match(old.text, /^relais_http_requests_total\{listener="127\.0\.0\.1:\d+"\} 5$/m);
    const both = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';
    assert.match((await api.get('/metrics', { accept: both })).text, /# EOF\n$/);
  });

  it('streams events, and gives those that were missed to who comes back', async test => {
    const [api] = await started(test);
    const first = new EventReader(api);
    test.after(() => first.close());
    await eventually('the events of the start', () =>
      first.events.some(({ kind }) => kind === 'worker-started'),
    );
    const { seq: seen = 0 } = first.events.at(-1) ?? {};
    first.close();
    const cluster = { id: 'api', loadBalancing: 'round-robin', answers: {} };
    await api.post({ kind: 'add-cluster', cluster });
    const second = new EventReader(api, seen);
    test.after(() => second.close());
    await eventually('what was missed', () => second.events.length === 1);
    assert.equal(second.events[0]?.kind, 'cluster-added');
    await api.post({ kind: 'remove-cluster', clusterId: 'api' });
    await eventually('what is new', () => second.events.length === 2);
    const stranger = new EventReader(api, seen + 1_000_000);
    test.after(() => stranger.close());
    await eventually('all, for who comes from another process', () =>
      stranger.events.some(({ kind }) => kind === 'worker-started'),
    );
  });

  it('is ready when workers are, and answers while the proxy stops', async test => {
    const [api, proxy] = await started(test);
    assert.equal((await api.get('/readyz')).status, 200);
    const { status, json } = await api.post({ kind: 'soft-stop' });
    assert.equal(status, 200, json?.message);
    assert.match(json?.message ?? '', /the proxy has ended/);
    assert.equal((await proxy.ended).code, 0);
  });

  it('stops the start when its address is taken, with a sentence', async test => {
    const [, proxy] = await started(test);
    const taken = /admin API on http:\/\/(\S+)/.exec(proxy.stdout())?.[1] ?? '';
    const text = `[admin]\naddress = "${taken}"\ntoken = "${token}"\n${listener}`;
    await assert.rejects(startProxy(test, { config: text }), error => {
      assert.ok(error instanceof Error);
      assert.match(error.message, new RegExp(`cannot start: ${taken} is in use`));
      return true;
    });
  });
});

/** Reads a stream of server-sent events. */
class EventReader {
  readonly events: ProxyEvent[] = [];
  readonly #request: ReturnType<ApiClient['open']>;

  constructor(api: ApiClient, lastSeen?: number) {
    const headers = lastSeen === undefined ? {} : { 'last-event-id': String(lastSeen) };
    this.#request = api.open({ path: '/v1/events', headers }, () => undefined);
    let text = '';
    this.#request.on('response', response => {
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#add(block);
      });
      response.on('error', () => undefined);
    });
    this.#request.end();
  }

  close(): void {
    this.#request.destroy();
  }

  #add(block: string): void {
    const fields = new Map(block.split('\n').map(line => [line.split(': ')[0], line] as const));
    const data = fields.get('data')?.slice('data: '.length);
    if (data === undefined) return;
    const event = JSON.parse(data) as ProxyEvent;
    assert.equal(fields.get('id'), `id: ${event.seq}`);
    assert.equal(fields.get('event'), `event: ${event.kind}`);
    this.events.push(event);
  }
}

function visit(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', agent: false }, response => {
      response.resume().on('end', resolve);
    });
    request.on('error', reject).end();
  });
}
