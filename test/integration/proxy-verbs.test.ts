/** The command line changes a running proxy: clusters, frontends, weights. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunningProxy } from '../support/start-proxy.ts';
import { runRelais, startProxy } from '../support/start-proxy.ts';

const config = `
  log_level = "warn"
  worker_count = 1
  [[listeners]]
  address = "127.0.0.1:0"
  protocol = "http"
  [clusters.web]
  protocol = "http"
  frontends = []
  backends = [{ address = "127.0.0.1:1", backend_id = "one", weight = 10, version = "v1" }]
`;

async function requests(proxy: RunningProxy): Promise<readonly unknown[]> {
  const client = await proxy.connect();
  const { content } = await client.send({ kind: 'dump-state' });
  client.close();
  return content?.requests ?? [];
}

describe('verbs of relais', () => {
  it('add and remove clusters and frontends', async test => {
    const proxy = await startProxy(test, { config });
    const relais = (...words: readonly string[]) => runRelais('-s', proxy.socketPath, ...words);
    const [listener = ''] = proxy.addresses;

    const cluster = await relais('cluster', 'add', '-i', 'api', '--load-balancing-policy', 'HRW');
    assert.equal(cluster.code, 0, cluster.stderr);
    const match = ['-a', listener, '--hostname', '*.Example.org', '--path-segment', '/v1'];
    const more = ['-m', 'POST', '--position', 'PRE', '--tags', 'team=red'];
    const added = await relais('frontend', 'http', 'add', ...match, ...more, 'id', 'api');
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stdout, /frontend POST \*\.example\.org\/v1 \(segment, pre\) on .* added/);
    const secret = ['-a', listener, '--hostname', 'api.example.org', '--path-prefix', '/secret'];
    const denied = await relais('frontend', 'http', 'add', ...secret, 'deny');
    assert.equal(denied.code, 0, denied.stderr);

    const state = await requests(proxy);
    const frontend = { listener, hostname: '*.example.org', path: '/v1', pathKind: 'segment' };
    assert.deepEqual(state.slice(-2), [
      {
        kind: 'add-frontend',
        frontend: {
          ...frontend,
          clusterId: 'api',
          method: 'POST',
          position: 'pre',
          tags: { team: 'red' },
        },
      },
      {
        kind: 'add-frontend',
        frontend: { listener, hostname: 'api.example.org', path: '/secret', clusterId: null },
      },
    ]);

    const removed = await relais('frontend', 'http', 'remove', ...match, ...more, 'id', 'api');
    assert.equal(removed.code, 0, removed.stderr);
    const gone = await relais('cluster', 'remove', '-i', 'api');
    assert.equal(gone.code, 0, gone.stderr);
  });

  it('change a weight and leave the rest of a backend alone', async test => {
    const proxy = await startProxy(test, { config });
    const relais = (...words: readonly string[]) => runRelais('-s', proxy.socketPath, ...words);
    const changed = await relais('backend', 'weight', '-i', 'web', '-a', '127.0.0.1:1', '30');
    assert.equal(changed.code, 0, changed.stderr);
    const state = await requests(proxy);
    const backend = { clusterId: 'web', backendId: 'one', address: '127.0.0.1:1', version: 'v1' };
    assert.deepEqual(state.at(-1), { kind: 'add-backend', backend: { ...backend, weight: 30 } });

    const unknown = await relais('backend', 'weight', '-i', 'web', '-a', '127.0.0.1:2', '30');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /no backend at 127\.0\.0\.1:2 in cluster "web"; did you mean/);
  });

  it('give a backend fields, a path and connections of its own', async test => {
    const proxy = await startProxy(test, { config });
    const words = ['-i', 'web', '-a', '127.0.0.1:2', '-H', 'Color: blue', '-H', 'Tone:dark'];
    const more = ['--replace-path', '/v2', '--no-reuse'];
    const added = await runRelais('-s', proxy.socketPath, 'backend', 'add', ...words, ...more);
    assert.equal(added.code, 0, added.stderr);
    const state = await requests(proxy);
    const place = { clusterId: 'web', backendId: '127.0.0.1:2', address: '127.0.0.1:2' };
    const fields = { requestFields: { Color: 'blue', Tone: 'dark' } };
    assert.deepEqual(state.at(-1), {
      kind: 'add-backend',
      backend: { ...place, ...fields, replacePath: '/v2', reuseConnections: false },
    });
  });

  it('say what is wrong with an argument, and change nothing', async test => {
    const proxy = await startProxy(test, { config });
    const before = await requests(proxy);
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['backend weight -i web -a 127.0.0.1:1 1001', /is more than 1000/],
      [
        'backend weight -i web -a 127.0.0.1:1 much',
        /'much' is invalid for argument 'weight'\. It must be a whole number/,
      ],
      ['backend add -i web -a nowhere', /'nowhere' is invalid/],
      ['backend add -i web -a 127.0.0.1:2 -H Host:a', /meaning of its own/],
      ['backend add -i web -a 127.0.0.1:2 -H Color', /Write it as "Name: value"/],
      ['cluster add -i api --load-balancing-policy fastest', /there are round-robin, random/],
      [
        'frontend http add -a 127.0.0.1:80 --hostname ** id web',
        /"\*\*": a "\*" stands for the whole first label/,
      ],
      [
        'frontend http add -a 127.0.0.1:80 --hostname a --path-prefix /a --path-equals /a id web',
        /give one path/,
      ],
      ['frontend http add -a 127.0.0.1:80 --hostname a --position top id web', /position/],
    ];
    for (const [words, message] of wrong) {
      const ended = await runRelais('-s', proxy.socketPath, ...words.split(' '));
      assert.equal(ended.code, 2, `${words}: ${ended.stderr}`);
      assert.match(ended.stderr, message, words);
    }
    assert.deepEqual(await requests(proxy), before);
  });
});
