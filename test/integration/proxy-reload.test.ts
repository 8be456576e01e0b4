/** `relais reload` and `relais diff`: a running proxy becomes what its file says, or stays as it is. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Ended, type RunningProxy, runRelais, startProxy } from '../support/start-proxy.ts';

const socket = 'command_socket = "./sock"\n';
const listener = '[[listeners]]\naddress = "127.0.0.1:0"\nprotocol = "http"\n';

function cluster(id: string, ...ports: readonly number[]): string {
  const backends = ports.map(port => `{ address = "127.0.0.1:${port}" }`).join(', ');
  return `[clusters.${id}]
protocol = "http"
frontends = [{ address = "127.0.0.1:0", hostname = "${id}.localhost" }]
backends = [${backends}]
`;
}

function start(test: TestContext): Promise<RunningProxy> {
  return startProxy(test, { config: listener + cluster('web', 1, 2) });
}

function relais({ configFile }: RunningProxy, ...words: readonly string[]): Promise<Ended> {
  return runRelais('-c', configFile, ...words);
}

async function rewrite({ configFile }: RunningProxy, text: string): Promise<void> {
  await writeFile(configFile, socket + text);
}

async function backendsOf(proxy: RunningProxy): Promise<string[]> {
  const client = await proxy.connect();
  const { content } = await client.send({ kind: 'dump-state' });
  return (content?.requests ?? []).flatMap(request =>
    request.kind === 'add-backend'
      ? `${request.backend.clusterId} ${request.backend.address.split(':')[1]}`
      : [],
  );
}

describe('relais reload', () => {
  it('shows the plan, carries it out on all workers, and keeps what the file does not have', async test => {
    const proxy = await start(test);
    await rewrite(proxy, listener + cluster('web', 2, 3) + cluster('api', 4));
    const dry = await relais(proxy, 'reload', '--dry-run');
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /^Success: .*proxy\.toml would make 4 changes\n/);
    assert.match(dry.stdout, /\n {2}\+ backend 127\.0\.0\.1:3 of cluster web\n/);
    assert.match(dry.stdout, /nothing was changed: this was a dry run/);
    assert.deepEqual(await backendsOf(proxy), ['web 1', 'web 2']);

    const done = await relais(proxy, 'reload');
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^Success: reloaded .*proxy\.toml: 4 changes on 2 workers\n/);
    const kept = '= backend 127.0.0.1:1 of cluster web: kept: not in the file; --prune removes it';
    assert.ok(done.stdout.includes(`  ${kept}\n`), done.stdout);
    assert.deepEqual(await backendsOf(proxy), ['web 1', 'web 2', 'web 3', 'api 4']);

    const pruned = await relais(proxy, 'reload', '--prune');
    assert.match(pruned.stdout, /\n {2}- backend 127\.0\.0\.1:1 of cluster web\n/);
    assert.deepEqual(await backendsOf(proxy), ['web 2', 'web 3', 'api 4']);
    assert.match((await relais(proxy, 'reload')).stdout, /proxy\.toml changes nothing/);
  });

  it('changes nothing when the file is wrong, and names every line', async test => {
    const proxy = await start(test);
    const before = await backendsOf(proxy);
    const wrong: readonly (readonly [string, RegExp])[] = [
      [`${listener}${cluster('web', 2)}x = = 1\n`, /proxy\.toml:9:\d+: not valid TOML/],
      [`worker_cont = 1\n${listener}`, /proxy\.toml:2: worker_cont: unknown key; did you mean/],
      [`${listener}${cluster('web', 0)}`, /proxy\.toml:8: .*a backend needs a port/],
      [
        listener + cluster('web', 1) + cluster('web', 2),
        /proxy\.toml:9:.* stands already on line 5/,
      ],
    ];
    for (const [text, reason] of wrong) {
      await rewrite(proxy, text);
      const ended = await runRelais('-s', proxy.socketPath, 'reload');
      assert.equal(ended.code, 1);
      assert.match(ended.stderr, /^Failure: nothing was changed:\n/);
      assert.match(ended.stderr, reason);
      assert.deepEqual(await backendsOf(proxy), before);
    }
    const absent = await relais(proxy, 'reload', '-f', 'nowhere.toml').catch(() => undefined);
    assert.equal(absent?.code, 1);
  });

  it('keeps what an operator switched: a backend in maintenance, a listener at rest', async test => {
    const proxy = await start(test);
    const client = await proxy.connect();
    const address = '127.0.0.1:1';
    const backend = { clusterId: 'web', backendId: address, address, admin: 'maint' } as const;
    await client.send({ kind: 'add-backend', backend });
    await client.send({ kind: 'deactivate-listener', address: proxy.addresses[0] ?? '' });
    await rewrite(proxy, (listener + cluster('web', 1, 2)).replace(':1"', ':1", weight = 7'));
    const done = await relais(proxy, 'reload', '--prune');
    assert.match(done.stdout, /~ backend 127\.0\.0\.1:1 of cluster web: weight: default → 7/);
    const { content } = await client.send({ kind: 'dump-state' });
    const found = content?.requests.find(
      each => each.kind === 'add-backend' && each.backend.address === address,
    );
    assert.deepEqual(found?.kind === 'add-backend' && found.backend, { ...backend, weight: 7 });
    const [first] = content?.requests ?? [];
    assert.equal(first?.kind === 'add-listener' && first.listener.active, false);
  });

  it('says which keys need a restart', async test => {
    const proxy = await start(test);
    const metrics = '[metrics]\ndetail = "backend"\n';
    await rewrite(proxy, `worker_count = 3\n${listener}${cluster('web', 1, 2)}${metrics}`);
    const { stdout } = await relais(proxy, 'reload');
    assert.match(
      stdout,
      /\n {2}! \[metrics\] detail: cluster → backend needs "relais upgrade" or /,
    );
    assert.match(stdout, /\n {2}! worker_count: 2 → 3 needs a restart of the proxy\n/);
  });

  it('is an event, and its plan is data with --json', async test => {
    const proxy = await start(test);
    const file = path.join(proxy.folder, 'other.toml');
    await writeFile(file, listener + cluster('web', 2, 3));
    const { stdout } = await relais(proxy, 'reload', '-f', file, '--json');
    const content = JSON.parse(stdout);
    assert.deepEqual([content.file, content.changes, content.applied], [file, 1, true]);
    assert.match(proxy.stdout(), /event \{"kind":"config-reloaded","cause":".*other\.toml"/);
  });
});

describe('relais diff', () => {
  it('ends with 0, 1 and 2 as diff(1) does, and changes nothing', async test => {
    const proxy = await start(test);
    const same = await relais(proxy, 'diff');
    assert.equal(same.code, 0, same.stderr);
    assert.match(same.stdout, /^what runs is what .*proxy\.toml says\n/);
    await rewrite(proxy, listener + cluster('web', 2, 3));
    const before = await backendsOf(proxy);
    const different = await relais(proxy, 'diff');
    assert.equal(different.code, 1);
    assert.match(different.stdout, /\+ backend 127\.0\.0\.1:3 .*\n {2}- backend 127\.0\.0\.1:1 /);
    assert.deepEqual(await backendsOf(proxy), before);
    await rewrite(proxy, 'nonsense = 1\n');
    assert.equal((await runRelais('-s', proxy.socketPath, 'diff')).code, 2);
  });
});
