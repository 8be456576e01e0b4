/** A control follows its proxy through an upgrade, and the next proxy on the same socket. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { connectProxy } from '../../../labs/stage/proxy-control.ts';
import type { ProxyEvent } from '../../../proxy/index.ts';
import { eventually } from '../../support/eventually.ts';
import { oneBackendConfig } from '../../support/one-backend-config.ts';
import { quietPort } from '../../support/quiet-port.ts';
import {
  type RunningProxy,
  runRelais,
  spawnRelais,
  startProxy,
} from '../../support/start-proxy.ts';

const windows = process.platform === 'win32' ? 'no hand-over on Windows' : false;

async function start(test: TestContext): Promise<RunningProxy> {
  let configFile: string | undefined;
  // Whatever has replaced the first process outlives it.
  test.after(async () => {
    if (configFile !== undefined) await runRelais('-c', configFile, 'shutdown', '--hard');
  });
  const proxy = await startProxy(test, {
    config: oneBackendConfig({ backend: `127.0.0.1:${await quietPort()}`, workers: 2 }),
  });
  configFile = proxy.configFile;
  return proxy;
}

async function relais(proxy: RunningProxy, ...words: readonly string[]): Promise<void> {
  const { code, stderr } = await runRelais('-c', proxy.configFile, ...words);
  assert.equal(code, 0, stderr);
}

describe('connectProxy', { skip: windows }, () => {
  it('follows an upgrade and a new start; no event is missed or told twice', async test => {
    const proxy = await start(test);
    const control = await connectProxy(proxy.socketPath);
    test.after(() => control.close());
    const told: ProxyEvent[] = [];
    control.onEvent(event => told.push(event));
    const has = (kind: string): Promise<unknown> =>
      eventually(`${kind} is told`, () => told.some(event => event.kind === kind));

    const first = await control.identity();
    await relais(proxy, 'upgrade');
    await has('main-upgraded');
    const second = await eventually('the new main process answers', async () => {
      const identity = await control.identity();
      return identity.mainPid === first.mainPid ? undefined : identity;
    });
    await relais(proxy, 'logging', 'warn');
    await has('settings-changed');
    const seqs = told.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );

    await relais(proxy, 'shutdown');
    await proxy.ended;
    await assert.rejects(control.identity(), { code: 'PROXY_UNREACHABLE' });
    const before = told.length;
    const again = spawnRelais(['start', '-c', proxy.configFile]);
    test.after(() => again.child.kill('SIGKILL'));
    const third = await eventually('the next proxy answers', () =>
      control.identity().catch(() => undefined),
    );
    assert.notEqual(third.mainPid, second.mainPid);
    await eventually('its start is told', () =>
      told.slice(before).some(({ seq, kind }) => seq === 1 && kind === 'worker-started'),
    );
  });

  it('rejects where nobody answers', async () => {
    await assert.rejects(connectProxy('/nonexistent/relais.sock'), { code: 'PROXY_UNREACHABLE' });
  });
});
