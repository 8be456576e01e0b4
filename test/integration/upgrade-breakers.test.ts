/** New processes know which machines are gone: an upgrade sends nobody to them again. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type BackendSnapshot, connectCommand } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { quietPort } from '../support/quiet-port.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import { type RunningProxy, runRelais, startProxy } from '../support/start-proxy.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';
const windows = process.platform === 'win32' ? 'no hand-over on Windows' : false;

/** One backend answers, nobody listens at the other's address. */
async function start(test: TestContext): Promise<{ proxy: RunningProxy; gone: string }> {
  const backend = await RawBackend.answering(() => answerOf('hi'));
  test.after(() => backend.close());
  const gone = `127.0.0.1:${await quietPort()}`;
  let configFile: string | undefined;
  // Whatever has replaced the first process outlives it.
  test.after(async () => {
    if (configFile !== undefined) await runRelais('-c', configFile, 'shutdown', '--hard');
  });
  const proxy = await startProxy(test, {
    config: `worker_count = 2
[[listeners]]
protocol = "http"
address = "127.0.0.1:0"
[clusters.web]
protocol = "http"
breaker = { first_wait = 30 }
frontends = [{ address = "127.0.0.1:0", hostname = "web" }]
backends = [
  { address = "${backend.address}", backend_id = "here" },
  { address = "${gone}", backend_id = "gone" },
]
`,
  });
  configFile = proxy.configFile;
  return { proxy, gone };
}

async function ask(proxy: RunningProxy): Promise<void> {
  const visitor = await RawClient.connect(proxy.port);
  await visitor.send(REQUEST).settled();
  assert.match(visitor.received, /^HTTP\/1\.1 200 /);
  visitor.close();
}

/** Of the backend that is gone, as each worker sees it. */
async function views(proxy: RunningProxy): Promise<readonly BackendSnapshot[]> {
  const client = await connectCommand(proxy.socketPath);
  try {
    const { content } = await client.send({ kind: 'list-backends' }, { timeoutMs: 30_000 });
    return content?.backends.find(({ backendId }) => backendId === 'gone')?.workers ?? [];
  } finally {
    client.close();
  }
}

async function openEverywhere(proxy: RunningProxy): Promise<void> {
  await eventually('the breaker is open in both workers', async () => {
    await ask(proxy);
    const all = await views(proxy);
    return all.length === 2 && all.every(({ breaker }) => breaker === 'open');
  });
}

describe('an upgrade', { skip: windows }, () => {
  for (const words of [['upgrade', '--workers'], ['upgrade']]) {
    it(`leaves breakers open: relais ${words.join(' ')}`, async test => {
      const { proxy } = await start(test);
      await openEverywhere(proxy);
      const upgrade = await runRelais('-c', proxy.configFile, ...words);
      assert.equal(upgrade.code, 0, upgrade.stderr);
      for (let round = 0; round < 12; round += 1) await ask(proxy);
      const after = (await views(proxy)).map(
        ({ breaker, connectFailuresTotal }) => `${breaker}, ${connectFailuresTotal} failed`,
      );
      assert.deepEqual(after, ['open, 0 failed', 'open, 0 failed']);
    });
  }

  it('begins with a closed breaker where the backend was removed and added again', async test => {
    const { proxy, gone } = await start(test);
    await openEverywhere(proxy);
    const named = ['--id', 'web', '--backend-id', 'gone', '--address', gone];
    for (const words of [
      ['backend', 'remove', ...named],
      ['backend', 'add', ...named],
      ['upgrade', '--workers'],
    ]) {
      const { code, stderr } = await runRelais('-c', proxy.configFile, ...words);
      assert.equal(code, 0, stderr);
    }
    assert.deepEqual(
      (await views(proxy)).map(({ breaker }) => breaker),
      ['closed', 'closed'],
    );
  });
});
