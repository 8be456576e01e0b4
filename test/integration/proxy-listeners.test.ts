/** Listeners come, change, rest and go while a real proxy serves. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { Listener } from '../../proxy/command/requests.ts';
import type { CommandClient, ProxyRequest } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { quietPort } from '../support/quiet-port.ts';
import { RawBackend, RawClient } from '../support/raw-peer.ts';
import { type RunningProxy, startProxy } from '../support/start-proxy.ts';

const config = `
  log_level = "warn"
  [[listeners]]
  address = "127.0.0.1:0"
  protocol = "http"
  [clusters.web]
  protocol = "http"
  frontends = [{ address = "127.0.0.1:0", hostname = "web" }]
  backends = []
`;
const GET = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function start(test: TestContext): Promise<{ proxy: RunningProxy; client: CommandClient }> {
  const backend = await RawBackend.start(peer => {
    peer.received = '';
    peer.send(OK);
  });
  test.after(() => backend.close());
  const proxy = await startProxy(test, { config });
  const client = await proxy.connect();
  const wanted = { clusterId: 'web', backendId: 'b', address: backend.address };
  await done(client, { kind: 'add-backend', backend: wanted });
  return { proxy, client };
}

async function done(client: CommandClient, request: ProxyRequest): Promise<string> {
  const reply = await client.send(request);
  assert.equal(reply.status, 'ok', reply.message);
  return reply.message;
}

async function refused(client: CommandClient, request: ProxyRequest): Promise<string> {
  const reply = await client.send(request);
  assert.equal(reply.status, 'failure', reply.message);
  return reply.message;
}

async function listenersOf(client: CommandClient): Promise<readonly Listener[]> {
  const { content } = await client.send({ kind: 'dump-state' });
  return (content?.requests ?? []).flatMap(each =>
    each.kind === 'add-listener' ? [each.listener] : [],
  );
}

async function open(test: TestContext, port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  test.after(() => client.close());
  return client;
}

describe('a listener of a running proxy', () => {
  it('rests and wakes up, and its open connections never notice', async test => {
    const { proxy, client } = await start(test);
    const [address = ''] = proxy.addresses;
    const kept = await open(test, proxy.port);
    await kept.send(GET).until('ok');
    assert.match(
      await done(client, { kind: 'deactivate-listener', address }),
      /deactivated on 2 workers/,
    );
    await assert.rejects(open(test, proxy.port), { code: 'ECONNREFUSED' });
    await kept.send(GET).until('ok', 2);
    assert.match(
      await refused(client, { kind: 'deactivate-listener', address }),
      /not active already/,
    );

    const taken = createServer().listen(proxy.port, '127.0.0.1');
    await once(taken, 'listening');
    const message = await refused(client, { kind: 'activate-listener', address });
    assert.match(message, new RegExp(`${address} is in use by \\S+ \\(pid ${process.pid}\\)`));
    taken.close();
    await once(taken, 'close');
    await done(client, { kind: 'activate-listener', address });
    await (await open(test, proxy.port)).send(GET).until('ok');
    await kept.send(GET).until('ok', 3);
  });

  it('changes for open connections from their next request on', async test => {
    const { proxy, client } = await start(test);
    const [address = ''] = proxy.addresses;
    const kept = await open(test, proxy.port);
    await kept.send(GET).until('ok');
    const changes = { deny: [{ name: 'secret', pattern: 'secret' }], createTrace: true };
    assert.match(
      await done(client, { kind: 'patch-listener', address, changes }),
      /listener .* updated on 2 workers/,
    );
    await kept.send('GET /secret HTTP/1.1\r\nHost: web\r\n\r\n').until('HTTP/1.1 403');
    await done(client, { kind: 'patch-listener', address, changes: {}, reset: ['deny'] });
    const next = await open(test, proxy.port);
    await next.send('GET /secret HTTP/1.1\r\nHost: web\r\n\r\n').until('HTTP/1.1 200');
    const [listener] = await listenersOf(client);
    assert.equal(listener?.createTrace, true);
    assert.equal(listener?.deny, undefined);
  });

  it('takes its frontends along when it goes, and its place is free again', async test => {
    const { proxy, client } = await start(test);
    const [address = ''] = proxy.addresses;
    const [listener] = await listenersOf(client);
    assert.ok(listener !== undefined);
    const kept = await open(test, proxy.port);
    await kept.send(GET).until('ok');
    const message = await done(client, { kind: 'remove-listener', address });
    assert.match(message, /removed on 2 workers; its frontend went with it/);
    await assert.rejects(open(test, proxy.port), { code: 'ECONNREFUSED' });
    const last = await kept.send(GET).ended();
    assert.match(last, /HTTP\/1\.1 404[\s\S]*Connection: close/);
    const { content } = await client.send({ kind: 'status' });
    assert.deepEqual(content?.listeners, []);

    await done(client, { kind: 'add-listener', listener });
    const frontend = { listener: address, hostname: 'web', path: '', clusterId: 'web' };
    await done(client, { kind: 'add-frontend', frontend });
    await (await open(test, proxy.port)).send(GET).until('ok');
  });

  it('is known to a worker that starts later as it is then', async test => {
    const { proxy, client } = await start(test);
    const [address = ''] = proxy.addresses;
    const changes = { deny: [{ name: 'all', pattern: 'a' }] };
    await done(client, { kind: 'patch-listener', address, changes });
    const second = { ...(await listenersOf(client))[0], address: '127.0.0.1:0' } as Listener;
    await done(client, { kind: 'add-listener', listener: second });
    const [, resting] = await listenersOf(client);
    await done(client, { kind: 'deactivate-listener', address: resting?.address ?? '' });
    const { content } = await client.send({ kind: 'status' });
    const pids = content?.workers.map(worker => worker.pid) ?? [];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await eventually('two other workers run', async () => {
      const { content: now } = await client.send({ kind: 'status' });
      const fresh = now?.workers.filter(each => !pids.includes(each.pid)) ?? [];
      return fresh.length === 2 && fresh.every(each => each.runState === 'running');
    });
    await (await open(test, proxy.port)).send('GET /a HTTP/1.1\r\nHost: web\r\n\r\n').until('403');
    await done(client, { kind: 'activate-listener', address: resting?.address ?? '' });
    const port = Number(resting?.address.split(':').at(-1));
    await (await open(test, port)).send('GET /a HTTP/1.1\r\nHost: web\r\n\r\n').until('403');
  });

  it('waits for its activation when the file says so', async test => {
    const port = await quietPort();
    const text = `activate_listeners = false\n${config.replaceAll('127.0.0.1:0', `127.0.0.1:${port}`)}`;
    const proxy = await startProxy(test, { config: text });
    await assert.rejects(open(test, port), { code: 'ECONNREFUSED' });
    const client = await proxy.connect();
    await done(client, { kind: 'activate-listener', address: `127.0.0.1:${port}` });
    await (await open(test, port)).send(GET).until('HTTP/1.1 503');
  });
});
