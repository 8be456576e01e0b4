/** The pid file, and what systemd is told, through a program of the name that systemd's has. */
import assert from 'node:assert/strict';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { makeFolder, type RunningProxy, runRelais, startProxy } from '../support/start-proxy.ts';

const CONFIG = `
  worker_count = 1
  pid_file_path = "./relais.pid"
  [[listeners]]
  address = "127.0.0.1:0"
  protocol = "http"
  [clusters.web]
  protocol = "http"
  frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
  backends = [{ address = "127.0.0.1:1" }]
`;

const windows = process.platform === 'win32' ? 'there is no systemd on Windows' : false;

interface Told {
  readonly proxy: RunningProxy;
  /** One line per call. */
  readonly lines: () => Promise<string[]>;
}

async function underSystemd(test: TestContext, env: NodeJS.ProcessEnv = {}): Promise<Told> {
  const folder = await makeFolder(test);
  const record = path.join(folder, 'told');
  await writeFile(record, '');
  const program = path.join(folder, 'systemd-notify');
  await writeFile(program, `#!/bin/sh\necho "$@" >> ${record}\n`);
  await chmod(program, 0o755);
  let socketPath: string | undefined;
  // Before the first process is ended, which whatever has replaced it would outlive.
  test.after(async () => {
    if (socketPath !== undefined) await runRelais('-s', socketPath, 'shutdown', '--hard');
  });
  const proxy = await startProxy(test, {
    config: CONFIG,
    options: {
      env: {
        ...process.env,
        PATH: `${folder}:${process.env['PATH']}`,
        NOTIFY_SOCKET: path.join(folder, 'notify'),
        ...env,
      },
    },
  });
  socketPath = proxy.socketPath;
  return { proxy, lines: async () => (await readFile(record, 'utf8')).trim().split('\n') };
}

describe('a service manager', { skip: windows }, () => {
  it('hears that the proxy is ready, reloads and stops', async test => {
    const { proxy, lines } = await underSystemd(test);
    const ready = `READY=1 MAINPID=${proxy.pid}`;
    await eventually('it is ready', async () => (await lines()).join() === ready);
    const reload = await runRelais('-c', proxy.configFile, 'reload');
    assert.equal(reload.code, 0, reload.stderr);
    const reloaded = [ready, 'RELOADING=1', ready];
    await eventually('it has reloaded', async () => (await lines()).join() === reloaded.join());
    await runRelais('-c', proxy.configFile, 'shutdown');
    await eventually('it stops', async () => (await lines()).at(-1) === 'STOPPING=1');
  });

  it('hears signs of life when it wants some', async test => {
    const { lines } = await underSystemd(test, { WATCHDOG_USEC: '200000' });
    await eventually('two of them', async () => {
      return (await lines()).filter(line => line === 'WATCHDOG=1').length >= 2;
    });
  });

  it('hears of another main process, and the first one ends', async test => {
    const { proxy, lines } = await underSystemd(test);
    const upgrade = await runRelais('-c', proxy.configFile, 'upgrade');
    const pid = /the main process is (\d+) now/.exec(upgrade.stdout)?.[1];
    assert.ok(pid !== undefined, upgrade.stderr);
    await eventually('it is told', async () => (await lines()).at(-1) === `READY=1 MAINPID=${pid}`);
    await eventually('the first one has ended', () => proxy.child.exitCode === 0);
    const file = path.join(proxy.folder, 'relais.pid');
    assert.equal(await readFile(file, 'utf8'), `${pid}\n`);
    assert.equal((await runRelais('-c', proxy.configFile, 'shutdown')).code, 0);
    await eventually('nothing is left', async () => {
      return (await readdir(proxy.folder)).join() === 'proxy.toml';
    });
  });
});

describe('the pid file', () => {
  it('has the pid, in the place of a stale one, and goes with the proxy', async test => {
    const proxy = await startProxy(test, { config: CONFIG, files: { 'relais.pid': '4194304\n' } });
    const file = path.join(proxy.folder, 'relais.pid');
    assert.equal(await readFile(file, 'utf8'), `${proxy.pid}\n`);
    assert.equal((await runRelais('-c', proxy.configFile, 'shutdown')).code, 0);
    await proxy.ended;
    assert.deepEqual(await readdir(proxy.folder), ['proxy.toml']);
  });

  it('is left alone when it is another process of which it speaks', async test => {
    const proxy = await startProxy(test, { config: CONFIG });
    const file = path.join(proxy.folder, 'relais.pid');
    await writeFile(file, '1\n');
    assert.equal((await runRelais('-c', proxy.configFile, 'shutdown')).code, 0);
    await proxy.ended;
    assert.equal(await readFile(file, 'utf8'), '1\n');
  });

  it('stops the start when it cannot be written', async test => {
    const config = `command_socket = "./sock"\n${CONFIG.replace('./relais.pid', './no/such/file')}`;
    const folder = await makeFolder(test, { 'proxy.toml': config });
    const ended = await runRelais('start', '-c', path.join(folder, 'proxy.toml'));
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /cannot start: pid_file_path: .*ENOENT/);
    assert.deepEqual(await readdir(folder), ['proxy.toml']);
  });
});
