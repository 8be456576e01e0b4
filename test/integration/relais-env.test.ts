/** `relais env`: real apps behind a proxy that is configured by its environment. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startEchoApp } from '../support/hello-earth.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import {
  makeFolder,
  readyAddresses,
  runRelais,
  type Spawned,
  spawnRelais,
} from '../support/start-proxy.ts';

type Environment = Readonly<Record<string, string>>;

interface EnvProxy extends Spawned {
  readonly url: string;
  readonly socketPath: string;
}

async function startEnv(
  test: TestContext,
  env: Environment,
  words: readonly string[] = ['-addr', '127.0.0.1:0'],
): Promise<EnvProxy> {
  const folder = await makeFolder(test);
  const spawned = spawnRelais(['env', ...words], { env: { TMPDIR: folder, ...env } });
  test.after(async () => {
    spawned.child.kill('SIGKILL');
    await spawned.ended;
  });
  const [address = ''] = await readyAddresses(spawned);
  const socketPath = /command socket (\S+)/.exec(spawned.stdout())?.[1] ?? '';
  return { ...spawned, url: `http://${address}`, socketPath };
}

async function echo(test: TestContext, machine: string, env: Environment = {}): Promise<string> {
  const app = await startEchoApp({ MACHINE: machine, ...env });
  test.after(app.stop);
  return app.url;
}

/** Texts of so many requests, one after the other. */
async function visit(url: string, times: number, headers: Environment = {}): Promise<string[]> {
  const texts: string[] = [];
  for (let i = 0; i < times; i++) texts.push(await (await fetch(url, { headers })).text());
  return texts;
}

function count(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text.trim()] = (counts[text.trim()] ?? 0) + 1;
  return counts;
}

describe('relais env', () => {
  it('shares requests exactly by weight and names the colour over the client’s word', async test => {
    const BLUE = await echo(test, 'v1');
    const GREEN = await echo(test, 'v2', { V2: '1' });
    const proxy = await startEnv(test, { BLUE, GREEN, BLUE_WEIGHT: '4' });
    const texts = await visit(proxy.url, 20, { Color: 'red' });
    assert.deepEqual(count(texts), { 'blue v1': 16, '<h1>v2 (green)</h1>': 4 });
    assert.deepEqual(count(await visit(BLUE, 1)), { 'unknown v1': 1 });
  });

  it('changes the weights while it runs, and leaves nothing when it ends', async test => {
    const BLUE = await echo(test, 'v1');
    const GREEN = await echo(test, 'v2');
    const proxy = await startEnv(test, { BLUE, GREEN, GREEN_WEIGHT: '0' });
    assert.deepEqual(count(await visit(proxy.url, 5)), { 'blue v1': 5 });
    for (const [url, weight] of [
      [GREEN, '1'],
      [BLUE, '0'],
    ] as const) {
      const address = url.replace('http://', '');
      const words = ['backend', 'weight', '-i', 'colors', '-a', address, weight];
      const changed = await runRelais('-s', proxy.socketPath, ...words);
      assert.equal(changed.code, 0, changed.stderr);
    }
    assert.deepEqual(count(await visit(proxy.url, 5)), { 'green v2': 5 });
    proxy.child.kill('SIGTERM');
    const { code } = await proxy.ended;
    assert.equal(code, 0);
    assert.ok(!existsSync(path.dirname(proxy.socketPath)), 'the folder of its socket is gone');
  });

  it('takes more colours, with or without a flag', async test => {
    const RED = await echo(test, 'r');
    const proxy = await startEnv(test, { RED }, ['red', '--addr=127.0.0.1:0']);
    assert.deepEqual(count(await visit(proxy.url, 2)), { 'red r': 2 });
    const shown = spawnRelais(['env', 'red', '--print-config'], { env: { RED } });
    assert.match((await shown.ended).stdout, /backend_id = "red"/);
  });

  it('keeps the path, and drops it only with --strip-path', async test => {
    const backend = await RawBackend.answering(() => answerOf('ok'));
    test.after(() => backend.close());
    const BLUE = `http://${backend.address}/v1`;
    const kept = await startEnv(test, { BLUE });
    const stripped = await startEnv(test, { BLUE }, ['--strip-path', '-addr=127.0.0.1:0']);
    await visit(`${kept.url}/shop?id=7`, 1);
    await visit(`${stripped.url}/shop?id=7`, 1);
    const lines = backend.requests.map(head => head.split('\r\n')[0]);
    assert.deepEqual(lines, ['GET /shop?id=7 HTTP/1.1', 'GET /v1?id=7 HTTP/1.1']);
  });

  it('connects anew for every request with --no-keepalive', async test => {
    const backend = await RawBackend.answering(() => answerOf('ok'));
    test.after(() => backend.close());
    const BLUE = `http://${backend.address}`;
    const proxy = await startEnv(test, { BLUE }, ['--no-keepalive', '-addr', '127.0.0.1:0']);
    await visit(proxy.url, 3);
    assert.equal(backend.peers.length, 3);
  });

  it('answers 503 by itself without a backend, and dials nobody whom the client names', async test => {
    const victim = await RawBackend.answering(() => answerOf('reached'));
    test.after(() => victim.close());
    const proxy = await startEnv(test, { BLUE: 'localhost:80' });
    const port = new URL(proxy.url).port;
    for (const target of ['/', '/down']) {
      const client = await RawClient.connect(Number(port));
      client.send(`GET ${target} HTTP/1.1\r\nHost: ${victim.address}\r\nConnection: close\r\n\r\n`);
      assert.match(await client.ended(), /^HTTP\/1\.1 503 /);
    }
    assert.equal(victim.peers.length, 0);
    const { stdout } = proxy;
    assert.match(stdout(), /WARN {2}BLUE=localhost:80 has no scheme: write http:\/\/localhost:80/);
    assert.match(stdout(), /WARN {2}no colour can be used, so every request is answered 503/);
  });

  it('has no reserved path: /down goes to the backend like any other', async test => {
    const BLUE = await echo(test, 'v1');
    const proxy = await startEnv(test, { BLUE });
    assert.deepEqual(await visit(`${proxy.url}/down`, 1), ['blue v1\n']);
  });

  it('writes one structured line for each colour and each request', async test => {
    const BLUE = await echo(test, 'v1');
    const proxy = await startEnv(test, { BLUE, BLUE_WEIGHT: '3' });
    await visit(`${proxy.url}/shop`, 1);
    proxy.child.kill('SIGTERM');
    const { stdout } = await proxy.ended;
    const colour = JSON.parse(/color (\{.*\})/.exec(stdout)?.[1] ?? '{}');
    assert.deepEqual(colour, { color: 'blue', url: BLUE, weight: 3 });
    const line = stdout.split('\n').find(each => each.startsWith('{'));
    const { method, target, status, backend } = JSON.parse(line ?? '{}');
    assert.deepEqual(
      { method, target, status, backend },
      {
        method: 'GET',
        target: '/shop',
        status: 200,
        backend: 'blue',
      },
    );
  });

  it('says what is wrong with an address', async () => {
    const wrong = [
      ['8080', /Write it as :PORT or IP:PORT/],
      ['example.org:80', /is not an IP address/],
    ] as const;
    for (const [address, message] of wrong) {
      const ended = await runRelais('env', '-addr', address);
      assert.equal(ended.code, 2);
      assert.match(ended.stderr, message);
    }
  });
});
