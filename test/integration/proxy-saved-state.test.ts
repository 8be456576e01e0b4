/** What is changed at run time outlives the proxy, and meets a file that was edited meanwhile. */
import assert from 'node:assert/strict';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { makeFolder, runRelais, type Spawned, spawnRelais } from '../support/start-proxy.ts';

/** At rest: no port is taken, so that the same file can be started again and again. */
function config(...ports: readonly number[]): string {
  const backends = ports.map(port => `{ address = "127.0.0.1:${port}" }`).join(', ');
  return `command_socket = "./sock"
saved_state = "./state.json"
automatic_state_save = true
activate_listeners = false
worker_count = 1
[[listeners]]
address = "127.0.0.1:9090"
protocol = "http"
[clusters.web]
protocol = "http"
frontends = [{ address = "127.0.0.1:9090", hostname = "localhost" }]
backends = [${backends}]
`;
}

async function start(test: TestContext, file: string): Promise<Spawned> {
  const spawned = spawnRelais(['start', '-c', file]);
  test.after(async () => {
    spawned.child.kill('SIGKILL');
    await spawned.ended;
  });
  await eventually(
    'the proxy is ready',
    () => {
      if (spawned.child.exitCode !== null) throw new Error(spawned.stderr());
      return /^relais: ready/m.test(spawned.stdout()) || undefined;
    },
    30_000,
  );
  return spawned;
}

async function stop(spawned: Spawned, signal: NodeJS.Signals): Promise<void> {
  spawned.child.kill(signal);
  await spawned.ended;
}

async function backendsOf(file: string): Promise<string[]> {
  const { stdout, stderr } = await runRelais('-c', file, 'state', 'dump', '--json');
  assert.equal(stderr, '');
  const { requests } = JSON.parse(stdout) as {
    requests: { kind: string; backend?: { address: string } }[];
  };
  return requests.flatMap(({ backend }) => backend?.address.split(':')[1] ?? []);
}

async function change(file: string, verb: 'add' | 'remove', port: number): Promise<void> {
  const place = ['--id', 'web', '--address', `127.0.0.1:${port}`];
  const { code, stderr } = await runRelais('-c', file, 'backend', verb, ...place);
  assert.equal(code, 0, stderr);
}

describe('saved state of a proxy', () => {
  it('brings changes back on top of an edited file, and what was removed stays away', async test => {
    const folder = await makeFolder(test, { 'proxy.toml': config(1, 2), 'state.json': '' });
    const file = path.join(folder, 'proxy.toml');
    const first = await start(test, file);
    await change(file, 'remove', 1);
    await change(file, 'add', 7);
    await stop(first, 'SIGTERM');
    await writeFile(file, config(1, 2, 3));
    const second = await start(test, file);
    assert.deepEqual((await backendsOf(file)).sort(), ['2', '3', '7']);
    const { mode } = await stat(path.join(folder, 'state.json'));
    assert.equal(mode & 0o777, 0o600);
    await stop(second, 'SIGTERM');
    const third = await start(test, file);
    assert.deepEqual((await backendsOf(file)).sort(), ['2', '3', '7']);
    await stop(third, 'SIGTERM');
  });

  it('is on disk soon after a change, for a kill -9 to spare', async test => {
    const folder = await makeFolder(test, { 'proxy.toml': config(1, 2) });
    const file = path.join(folder, 'proxy.toml');
    const first = await start(test, file);
    await change(file, 'remove', 1);
    const saved = path.join(folder, 'state.json');
    await eventually('the change is saved', async () => {
      const text = await readFile(saved, 'utf8');
      return text.includes('"fileHas":1') || undefined;
    });
    await stop(first, 'SIGKILL');
    const second = await start(test, file);
    assert.deepEqual(await backendsOf(file), ['2']);
    await stop(second, 'SIGTERM');
  });

  it('damaged, gives way to the one before; without one the start is refused', async test => {
    const folder = await makeFolder(test, { 'proxy.toml': config(1, 2) });
    const file = path.join(folder, 'proxy.toml');
    const saved = path.join(folder, 'state.json');
    const first = await start(test, file);
    await change(file, 'remove', 1);
    for (let round = 0; round < 2; round += 1) {
      assert.equal((await runRelais('-c', file, 'state', 'save')).code, 0);
    }
    await stop(first, 'SIGKILL');
    await truncate(saved, 500);
    const second = await start(test, file);
    assert.match(second.stdout(), /WARN +saved state .*cut off.*state\.json\.previous is used/);
    assert.deepEqual(await backendsOf(file), ['2']);
    await stop(second, 'SIGKILL');
    await truncate(saved, 500);
    await truncate(`${saved}.previous`, 500);
    const third = await spawnRelais(['start', '-c', file]).ended;
    assert.equal(third.code, 1);
    assert.match(third.stderr, /^relais: cannot start: saved state .*state\.json: it is cut off/);
  });
});

describe('relais state', () => {
  it('saves to a file and loads it, as a whole, after a look at the plan', async test => {
    const folder = await makeFolder(test, { 'proxy.toml': config(1, 2) });
    const file = path.join(folder, 'proxy.toml');
    const running = await start(test, file);
    const relais = (...words: readonly string[]): ReturnType<typeof spawnRelais>['ended'] =>
      spawnRelais(['-c', file, 'state', ...words], { cwd: folder }).ended;
    const saved = await relais('save', '-f', 'here.json');
    const place = path.join(folder, 'here.json');
    assert.equal(saved.stdout, `Success: saved 5 requests to ${place}\n`);
    await change(file, 'remove', 1);
    await change(file, 'add', 7);
    const dry = await relais('load', '-f', 'here.json', '--prune', '--dry-run');
    assert.match(dry.stdout, /\+ backend 127\.0\.0\.1:1 .*\n {2}- backend 127\.0\.0\.1:7 /);
    assert.deepEqual(await backendsOf(file), ['2', '7']);
    const loaded = await relais('load', '-f', 'here.json');
    assert.match(loaded.stdout, /^Success: loaded .*here\.json: 1 change on 1 worker\n/);
    assert.deepEqual((await backendsOf(file)).sort(), ['1', '2', '7']);
    await truncate(place, 50);
    const broken = await relais('load', '-f', 'here.json');
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /^Failure: nothing was changed:\nsaved state .*here\.json: /);
    const stats = await relais('stats', '--json');
    assert.deepEqual(JSON.parse(stats.stdout).counts['remove-backend'], 1);
    assert.match((await relais('stats')).stdout, /\nadd-backend +4\n/);
    await stop(running, 'SIGTERM');
  });

  it('asks where to save when nobody said', async test => {
    const text = config(1).replace(/^(saved_state|automatic).*\n/gm, '');
    const folder = await makeFolder(test, { 'proxy.toml': text });
    const file = path.join(folder, 'proxy.toml');
    const running = await start(test, file);
    const ended = await runRelais('-c', file, 'state', 'save');
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /where to\? Name a file, or set saved_state/);
    await stop(running, 'SIGTERM');
  });
});
