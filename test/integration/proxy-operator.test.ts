/** What an operator changes and asks while the proxy runs: listeners, limits, logs, metrics. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { StateRequest } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { RawBackend, RawClient } from '../support/raw-peer.ts';
import { runInProcess, type Said } from '../support/run-in-process.ts';
import { type RunningProxy, startProxy } from '../support/start-proxy.ts';

const config = `
  log_level = "warn"
  worker_count = 2
  [[listeners]]
  address = "127.0.0.1:0"
  protocol = "http"
  [clusters.web]
  protocol = "http"
  frontends = [{ address = "127.0.0.1:0", hostname = "web" }]
  backends = []
  [clusters.api]
  protocol = "http"
  max_connections_per_ip = 7
  frontends = [{ address = "127.0.0.1:0", hostname = "api", tags = { team = "red" } }]
  backends = []
`;
const GET = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

interface Stage {
  readonly proxy: RunningProxy;
  /** Must be refused with this. */
  readonly refused: (words: string, message: RegExp) => Promise<void>;
  /** Must work; what it printed. */
  readonly relais: (...words: readonly string[]) => Promise<string>;
}

async function start(test: TestContext, text = config): Promise<Stage> {
  const proxy = await startProxy(test, { config: text });
  const run = (...words: readonly string[]): Promise<Said> =>
    runInProcess('-s', proxy.socketPath, ...words);
  return {
    proxy,
    relais: async (...words) => {
      const { code, out, err } = await run(...words);
      assert.equal(code, 0, `${words.join(' ')}: ${err}`);
      return out;
    },
    refused: async (words, message) => {
      const { code, err } = await run(...words.split(' '));
      assert.notEqual(code, 0, words);
      assert.match(err, message, words);
    },
  };
}

async function withBackend(test: TestContext, { proxy, relais }: Stage): Promise<RawClient> {
  const backend = await RawBackend.start(peer => {
    peer.received = '';
    peer.send(OK);
  });
  test.after(() => backend.close());
  await relais('backend', 'add', '-i', 'web', '-a', backend.address);
  const client = await RawClient.connect(proxy.port);
  test.after(() => client.close());
  return client;
}

async function state(proxy: RunningProxy): Promise<readonly StateRequest[]> {
  const client = await proxy.connect();
  const { content } = await client.send({ kind: 'dump-state' });
  client.close();
  return content?.requests ?? [];
}

describe('relais listener', () => {
  it('adds, changes, lists, rests, wakes and removes in both spellings', async test => {
    const { proxy, relais, refused } = await start(test);
    const added = await relais(
      'listener',
      'http',
      'add',
      '-a',
      '127.0.0.1:0',
      '--back-timeout',
      '5',
    );
    const [, address = ''] = /listener (\S+) added on 2 workers/.exec(added) ?? [];
    const deny = ['--deny', 'log4shell', '--deny', 'git=/\\.git'];
    await relais('listener', 'update', '-a', address, ...deny, '--answer', '503=Back soon.');
    const wanted = (await state(proxy)).flatMap(each =>
      each.kind === 'add-listener' && each.listener.address === address ? [each.listener] : [],
    );
    assert.equal(wanted[0]?.backTimeoutMs, 5000);
    assert.deepEqual(wanted[0]?.deny, [{ name: 'log4shell' }, { name: 'git', pattern: '/\\.git' }]);
    assert.equal(wanted[0]?.answers['503']?.body, 'Back soon.');
    assert.match(
      await relais('listener', 'list'),
      new RegExp(`${address} +accepting +0 +10000 +0 +front 60 s.*back 5 s +deny log4shell git`),
    );
    await relais('listener', 'http', 'deactivate', '-a', address);
    assert.match(await relais('listener', 'list'), new RegExp(`${address} +resting`));
    await relais('listener', 'activate', '-a', address);
    const defaults = ['--default', 'deny', '--default', 'answer-503'];
    await relais('listener', 'update', '-a', address, ...defaults);
    assert.match(await relais('listener', 'list'), new RegExp(`${address} .*back 5 s +-`));
    await relais('listener', 'remove', '-a', address);
    await refused(`listener remove -a ${address}`, /there is no listener on/);
    await refused('listener update -a 127.0.0.1:1', /what is to change/);
    await refused('listener update -a 127.0.0.1:1 --default denny', /did you mean "deny"/);
    await refused('listener add -a 127.0.0.1:1 --expect-proxy', /PROXY protocol is not spoken/);
    await refused('listener https add -a 127.0.0.1:1', /only HTTP is relayed/);
    await refused('listener add -a 127.0.0.1:1 --answer 599=x', /the proxy never answers 599/i);
  });
});

describe('relais cluster and frontend', () => {
  it('change a part and leave the rest, and list what is asked for', async test => {
    const { proxy, relais, refused } = await start(test);
    const policy = ['--load-balancing-policy', 'maglev', '--hash-key', 'cookie:id'];
    await relais('cluster', 'add', '-i', 'shop', ...policy, '--request-rate', '50/100');
    await relais('cluster', 'update', '-i', 'shop', '--breaker-failures', '5');
    await relais('cluster', 'update', '-i', 'shop', '--breaker-first-wait', '2');
    await relais('cluster', 'update', '-i', 'shop', '--default', 'request-rate');
    const check = ['-i', 'shop', '-u', '/health', '--interval', '2', '--timeout', '1'];
    await relais('cluster', 'health-check', 'set', ...check);
    assert.deepEqual(
      (await state(proxy)).filter(
        each => each.kind === 'add-cluster' && each.cluster.id === 'shop',
      ),
      [
        {
          kind: 'add-cluster',
          cluster: {
            id: 'shop',
            loadBalancing: 'maglev',
            hashKey: 'cookie:id',
            answers: {},
            breaker: { failureThreshold: 5, firstWaitMs: 2000 },
            healthCheck: { uri: '/health', intervalMs: 2000, timeoutMs: 1000 },
          },
        },
      ],
    );
    assert.match(
      await relais('cluster', 'health-check', 'list'),
      /shop +\/health +2 s +1 s +3 +3 +any 2xx/,
    );
    await relais('cluster', 'health-check', 'remove', '-i', 'shop');
    assert.doesNotMatch(await relais('cluster', 'health-check', 'list'), /shop/);
    const one = await relais('cluster', 'list', '-i', 'shop');
    assert.match(one, /shop: hashKey "cookie:id", breaker/);
    const byHost = await relais('cluster', 'list', '-d', 'api');
    assert.match(byHost, /^api /m);
    assert.doesNotMatch(byHost, /^web /m);
    const frontends = await relais('frontend', 'list', '-i', 'api');
    assert.match(frontends, /^api +127\.0\.0\.1:\d+ +api +team=red$/m);
    assert.doesNotMatch(frontends, /^web /m);
    await refused('cluster list -i shopp', /there is no cluster "shopp"; did you mean "shop"/);
    await refused('frontend list -d apii', /there is no frontend for host "apii"; did you mean/);
    await refused('cluster update -i shopp --max-requests 1', /did you mean "shop"/);
    await refused('cluster add -i x --https-redirect', /TLS is not available/);
  });
});

describe('relais connection-limit', () => {
  it('holds for every cluster that does not say otherwise, at once', async test => {
    const stage = await start(test, config.replace('worker_count = 2', 'worker_count = 1'));
    const first = await withBackend(test, stage);
    await stage.relais('connection-limit', 'set', '1');
    await first.send(GET).until('200 OK');
    const second = await RawClient.connect(stage.proxy.port);
    test.after(() => second.close());
    await second.send(GET).until('HTTP/1.1 429');
    const shown = await stage.relais('connection-limit', 'show');
    assert.match(shown, /^1\napi: 7\n/m);
    await stage.relais('connection-limit', 'remove');
    await second.send(GET).until('200 OK');
    assert.match(await stage.relais('connection-limit', 'show'), /^unlimited \(0\)$/m);
  });
});

describe('relais logging', () => {
  it('changes level, target and access log of a running proxy', async test => {
    const stage = await start(test);
    const { proxy, relais, refused } = stage;
    const client = await withBackend(test, stage);
    const [log, access] = ['main.log', 'access.log'].map(name => path.join(proxy.folder, name));
    assert.doesNotMatch(proxy.stdout(), / INFO /);
    await relais('logging', 'info', '--target', `file://${log}`);
    await relais('logging', '--access-log', `file://${access}`, '--format', 'ascii');
    await client.send(GET).until('200 OK');
    const written = await eventually('both logs have lines', async () => {
      const [events, requests] = await Promise.all(
        [log, access].map(file => readFile(file ?? '', 'utf8')),
      );
      return events?.includes('settings-changed') && requests?.includes('GET') ? requests : false;
    });
    await relais('logging', '--access-log', 'off');
    await client.send(GET).until('200 OK', 2);
    assert.equal(await readFile(access ?? '', 'utf8'), written);
    await refused('logging loud', /"loud" is no level/);
    await refused('logging info,proxy=debug', /One level for all/);
    await refused('logging --target file:///nowhere/x.log', /cannot write \/nowhere\/x\.log/);
    await refused('logging', /what is to change/);
  });
});

describe('relais metrics', () => {
  it('narrows down, clears, and counts by cluster or not', async test => {
    const stage = await start(test);
    const { relais, refused } = stage;
    const client = await withBackend(test, stage);
    await client.send(GET).until('200 OK');
    assert.match(await relais('metrics'), /^cluster +active +requests[\s\S]*^web +0 +1 /m);
    const narrow = await relais('metrics', 'get', '-k', 'web', '-n', 'requests,5xx');
    assert.match(narrow, /^cluster +requests +5xx\nweb +1 +0$/m);
    assert.doesNotMatch(await relais('metrics', 'get', '--no-clusters'), /web/);
    assert.match(await relais('metrics', 'get', '-w'), /^worker \d+\n[\s\S]*^worker \d+\n/m);
    assert.match(await relais('metrics', 'get', '--list'), /^p99 +99 of 100/m);
    await relais('metrics', 'clear');
    assert.doesNotMatch(await relais('metrics', 'get', '-k', 'web'), /web/);
    await relais('metrics', 'disable');
    await client.send(GET).until('200 OK', 2);
    const disabled = await relais('metrics', 'get', '-n', 'requests');
    assert.match(disabled, /^127\.0\.0\.1:\d+ +1$/m);
    assert.doesNotMatch(disabled, /web/);
    await relais('metrics', 'enable');
    await client.send(GET).until('200 OK', 3);
    assert.match(await relais('metrics', 'get', '-k', 'web', '-n', 'requests'), /^web +1$/m);
    await refused('metrics get -n requets', /"requets" is no column; did you mean "requests"/);
  });
});

describe('relais events', () => {
  it('gives the kept ones that are asked for, with number, time and cause', async test => {
    const { relais, refused } = await start(test);
    await relais('cluster', 'add', '-i', 'one');
    await relais('cluster', 'add', '-i', 'two');
    await relais('cluster', 'remove', '-i', 'one');
    const added = await relais('events', '--kind', 'cluster-added', '--no-follow', '--json');
    const lines = added
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ clusterId, cause }) => [clusterId, cause]),
      [
        ['one', 'it was asked for'],
        ['two', 'it was asked for'],
      ],
    );
    const [first, second] = lines.map(line => Number(line['seq']));
    assert.ok(first !== undefined && second !== undefined && first < second);
    const behind = await relais('events', '--since', String(second), '--no-follow');
    assert.match(
      behind,
      new RegExp(`^\\S+Z  #${second + 1}  cluster-removed  one  it was asked for$`, 'm'),
    );
    const last = await relais('events', '-n', '1', '--no-follow');
    assert.equal(last.trim().split('\n').length, 1);
    assert.match(last, /cluster-removed/);
    await refused(
      'events --kind cluster-aded',
      /"cluster-aded" is no kind.*did you mean "cluster-added"/,
    );
  });
});
