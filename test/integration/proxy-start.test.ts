/** Starting a real proxy: what it accepts, what it refuses and with which words. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { connectCommand } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { RawClient } from '../support/raw-peer.ts';
import {
  type Ended,
  makeFolder,
  runRelais,
  type Spawned,
  spawnRelais,
  startProxy,
} from '../support/start-proxy.ts';

const fixtures = path.resolve(import.meta.dirname, '../../../test/fixtures/tutorial-2017');
const listener = '[[listeners]]\naddress = "127.0.0.1:0"\nprotocol = "http"\n';

/** The tutorial's folder; only addresses differ from the original. */
async function tutorialFolder(test: TestContext, port: number): Promise<string> {
  const folder = await makeFolder(test);
  await cp(fixtures, folder, { recursive: true });
  await writeFile(path.join(folder, 'state.json'), '');
  const file = path.join(folder, 'demo.toml');
  const text = await readFile(file, 'utf8');
  // 127.56.0.x is never sent to in these tests: nobody listens there.
  const moved = text
    .replace('port = 9090', `port = ${port}`)
    .replaceAll('"192.168.1.2', '"127.56.0.2');
  await writeFile(file, moved);
  return folder;
}

async function takePort(test: TestContext): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

async function refusal(test: TestContext, config: string): Promise<Ended> {
  const folder = await makeFolder(test, { 'proxy.toml': config });
  const ended = await runRelais('start', '-c', path.join(folder, 'proxy.toml'));
  assert.equal(ended.code, 1, ended.stdout);
  assert.equal(ended.signal, null);
  return ended;
}

function ready(spawned: Spawned): Promise<string> {
  return eventually(
    'ready',
    () => {
      if (spawned.child.exitCode !== null) throw new Error(spawned.stderr());
      return /^relais: ready, listening on http:\/\/(\S+), 2 workers$/m.exec(spawned.stdout())?.[1];
    },
    30_000,
  );
}

/** Ends a proxy that `spawnRelais` began. */
function endAfter(test: TestContext, spawned: Spawned): void {
  test.after(async () => {
    spawned.child.kill('SIGKILL');
    await spawned.ended;
  });
}

describe('relais start', () => {
  it("starts the tutorial's demo.toml of 2017 and warns about its two slips", async test => {
    const folder = await tutorialFolder(test, 0);
    const machines = ['127.56.0.21:8080', '127.56.0.22:8080', '127.56.0.23:8080'];
    const spawned = spawnRelais(
      ['start', '-c', './demo.toml', ...machines.flatMap(each => ['--expect', each])],
      { cwd: folder },
    );
    endAfter(test, spawned);
    const port = Number((await ready(spawned)).split(':')[1]);
    const log = spawned.stdout();
    assert.match(
      log,
      /WARN .*demo\.toml:30: .*127\.56\.0\.22:8080 appears twice.*mean 127\.56\.0\.23:8080/,
    );
    assert.match(
      log,
      /WARN .*machine 127\.56\.0\.23:8080 is expected but is a backend of no cluster/,
    );
    assert.match(log, /WARN .*404\.html:5: .*blank line/);
    assert.match(log, /WARN .*503\.html:5: .*blank line/);

    const nobody = await RawClient.connect(port);
    const answer404 = await nobody.send('GET / HTTP/1.1\r\nHost: elsewhere\r\n\r\n').ended();
    assert.ok(answer404.startsWith('HTTP/1.1 404 nope\r\n'), answer404.slice(0, 80));
    assertWellFormed(answer404, 'Nope');

    const client = await connectCommand(path.join(folder, 'command_folder/sock'));
    test.after(() => client.close());
    for (const address of machines.slice(0, 2)) {
      const { status } = await client.send({
        kind: 'remove-backend',
        clusterId: 'webapp',
        address,
      });
      assert.equal(status, 'ok');
    }
    const visitor = await RawClient.connect(port);
    const answer503 = await visitor.send('GET / HTTP/1.1\r\nHost: localhost:9090\r\n\r\n').ended();
    const line = 'HTTP/1.1 503 your application is in deployment\r\n';
    assert.ok(answer503.startsWith(line), answer503.slice(0, 80));
    assertWellFormed(answer503, 'Ouch');
  });

  it('answers who connects before it is ready, once it is', async test => {
    const folder = await makeFolder(test, { 'proxy.toml': listener });
    const spawned = spawnRelais(['start', '-c', path.join(folder, 'proxy.toml')]);
    endAfter(test, spawned);
    const client = await eventually(
      'the command socket is there',
      () => connectCommand(path.join(folder, 'relais.sock')),
      30_000,
    );
    test.after(() => client.close());
    const { content } = await client.send({ kind: 'status' }, { timeoutMs: 30_000 });
    assert.deepEqual(
      content?.workers.map(worker => worker.runState),
      ['running', 'running'],
    );
  });

  it('names the program that holds the port', async test => {
    const { port } = await takePort(test);
    const { stderr } = await refusal(test, listener.replace(':0', `:${port}`));
    const owner = new RegExp(
      `127\\.0\\.0\\.1:${port} is in use by \\S+ \\(pid ${process.pid}\\): stop it or choose another port \\(config file .*proxy\\.toml`,
    );
    assert.match(stderr, owner);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`leaves nothing behind on ${signal} before it is ready`, async test => {
      const folder = await makeFolder(test, { 'proxy.toml': listener });
      const socket = path.join(folder, 'relais.sock');
      const spawned = spawnRelais(['start', '-c', path.join(folder, 'proxy.toml')]);
      endAfter(test, spawned);
      await eventually('the start has begun', () => existsSync(socket), 30_000);
      spawned.child.kill(signal);
      const ended = await spawned.ended;
      assert.equal(ended.code, signal === 'SIGINT' ? 130 : 0, ended.stderr);
      assert.equal(ended.stderr, '');
      assert.equal(existsSync(socket), false);
    });
  }

  it('refuses a second start on the same command socket', async test => {
    const proxy = await startProxy(test, { config: listener });
    const second = await runRelais('start', '-c', proxy.configFile);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /a proxy is already running with the command socket .*sock/);
    const client = await proxy.connect();
    assert.equal((await client.send({ kind: 'status' })).status, 'ok');
  });

  it('lets exactly one of two simultaneous starts win, also over a stale socket', async test => {
    const first = await startProxy(test, { config: listener });
    first.child.kill('SIGKILL');
    await first.ended;
    const both = [1, 2].map(() => spawnRelais(['start', '-c', first.configFile]));
    for (const each of both) endAfter(test, each);
    const outcomes = await eventually('one is ready, one has ended', () => {
      const winners = both.filter(each => /^relais: ready/m.test(each.stdout()));
      const losers = both.filter(each => each.child.exitCode === 1);
      return winners.length + losers.length === 2 && { winners, losers };
    });
    assert.equal(outcomes.winners.length, 1, both.map(each => each.stderr()).join());
    assert.match(outcomes.losers[0]?.stderr() ?? '', /already running|just taking/);
    const client = await first.connect();
    const { content } = await client.send({ kind: 'status' });
    assert.equal(content?.pid, outcomes.winners[0]?.child.pid);
  });

  it('leaves a file that is no socket alone', async test => {
    const folder = await makeFolder(test, { 'proxy.toml': listener, 'relais.sock': 'precious' });
    const ended = await runRelais('start', '-c', path.join(folder, 'proxy.toml'));
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /relais\.sock is not a socket; move it away/);
    assert.equal(await readFile(path.join(folder, 'relais.sock'), 'utf8'), 'precious');
  });

  it('does not follow a symbolic link at the path of the socket', async test => {
    const folder = await makeFolder(test, { 'proxy.toml': listener, precious: 'x' });
    await symlink(path.join(folder, 'precious'), path.join(folder, 'relais.sock'));
    const ended = await runRelais('start', '-c', path.join(folder, 'proxy.toml'));
    assert.match(ended.stderr, /relais\.sock is not a socket/);
    assert.equal(await readFile(path.join(folder, 'precious'), 'utf8'), 'x');
  });

  it('uses an inherited socket instead of binding, and passes no trace of it on', async test => {
    const { server, port } = await takePort(test);
    const folder = await makeFolder(test, {
      'proxy.toml': listener.replace(':0', `:${port}`),
    });
    // The bare descriptor of a listening socket, as systemd or a launcher would pass it.
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
    const spawned = spawnRelais(['start', '-c', path.join(folder, 'proxy.toml')], {
      env: { ...process.env, LISTEN_FDS: '1' },
      stdio: ['ignore', 'pipe', 'pipe', fd],
    });
    endAfter(test, spawned);
    assert.equal(await ready(spawned), `127.0.0.1:${port}`);
    assert.match(spawned.stdout(), /uses an inherited socket/);
    server.close();
    const client = await RawClient.connect(port);
    await client
      .send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      .until('HTTP/1.1 404');
    client.close();
    const commands = await connectCommand(path.join(folder, 'relais.sock'));
    test.after(() => commands.close());
    const { content } = await commands.send({ kind: 'status' });
    for (const { pid } of content?.workers ?? []) {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      assert.doesNotMatch(environment, /LISTEN_FDS/);
    }
  });

  it('ignores LISTEN_FDS that is meant for another process', async test => {
    const spawned = await startProxy(test, {
      config: listener,
      options: { env: { ...process.env, LISTEN_FDS: '3', LISTEN_PID: '1' } },
    });
    assert.match(spawned.stdout(), /^relais: ready/m);
  });

  it('says which promised socket is none', async test => {
    const folder = await makeFolder(test, { 'proxy.toml': listener });
    const spawned = spawnRelais(['start', '-c', path.join(folder, 'proxy.toml')], {
      env: { ...process.env, LISTEN_FDS: '40' },
    });
    const ended = await spawned.ended;
    assert.equal(ended.code, 1);
    assert.match(
      ended.stderr,
      /LISTEN_FDS promises 40 sockets, but descriptor \d+ is no TCP socket/,
    );
  });

  it('explains a broken file by line, key and nearest name', async test => {
    const broken = `
      log_levl = "info"
      worker_count = "two"
      [[listeners]]
      address = "127.0.0.1"
      protocol = "http"
      answer_503 = "./nowhere.html"
    `;
    const { stderr } = await refusal(test, broken);
    assert.match(stderr, /proxy\.toml:2: log_levl: unknown key; did you mean "log_level"\?/);
    assert.match(stderr, /proxy\.toml:3: worker_count: must be a whole number|a number, not "two"/);
    const syntax = await refusal(test, 'worker_count = = 2');
    assert.match(syntax.stderr, /proxy\.toml:1:\d+: not valid TOML: /);
    const missing = await runRelais('start', '-c', '/nonexistent/proxy.toml');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /cannot read \/nonexistent\/proxy\.toml: there is no such file/);
  });

  it('refuses an address that is not this machine’s, and a path too long for a socket', async test => {
    const foreign = await refusal(test, listener.replace('127.0.0.1', '192.0.2.1'));
    assert.match(foreign.stderr, /192\.0\.2\.1:0 is not an address of this machine/);
    const long = await refusal(test, `command_socket = "${'x'.repeat(120)}"\n${listener}`);
    assert.match(long.stderr, /proxy\.toml:1: command_socket: .* has at most 97/);
  });

  it('makes the folder of the socket, and a folder it may not make is an error', async test => {
    const proxy = await startProxy(test, {
      config: `command_socket = "./a/b/sock"\n${listener}`,
    });
    assert.equal((await (await proxy.connect()).send({ kind: 'status' })).status, 'ok');
    const folder = await makeFolder(test, { file: '' });
    await mkdir(path.join(folder, 'c'));
    const config = `command_socket = "../file/sock"\n${listener}`;
    await writeFile(path.join(folder, 'c/proxy.toml'), config);
    const ended = await runRelais('start', '-c', path.join(folder, 'c/proxy.toml'));
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /cannot create the command socket .*file\/sock: EEXIST/);
  });

  it('writes its log to a file', async test => {
    const proxy = await startProxy(test, {
      config: `log_target = "file://./proxy.log"\n${listener}`,
    });
    await eventually('the log has the workers', async () => {
      const log = await readFile(path.join(proxy.folder, 'proxy.log'), 'utf8');
      return /^\d{4}-\S+Z INFO {2}event .*worker-started/m.test(log);
    });
  });

  it('wrong usage ends with 2 and the nearest valid name', async () => {
    for (const [given, said] of [
      [['staus'], /unknown command 'staus'\s+.*Did you mean status/],
      [['backend', 'lst'], /unknown command 'lst'\s+.*Did you mean list/],
      [['status', '--jsn'], /unknown option '--jsn'\s+.*Did you mean --json/],
      [['start'], /start needs a config file/],
      [['status'], /which proxy\? Name its config file/],
      [['backend', 'add', '--id', 'x'], /which address\?/],
      [['backend', 'add', '--id', 'x', '--address', 'y'], /"y" is not an address/],
    ] as const) {
      const ended = await runRelais(...given);
      assert.equal(ended.code, 2, given.join(' '));
      assert.match(ended.stderr, said);
    }
  });

  it('config check says what start would say', async test => {
    const folder = await tutorialFolder(test, 9090);
    const file = path.join(folder, 'demo.toml');
    const ended = await runRelais('config', 'check', file, '--expect', '127.56.0.23:8080');
    assert.equal(ended.code, 0);
    assert.match(ended.stdout, /warning: .*appears twice/);
    assert.match(ended.stdout, /Success: .* is valid \(in the shape of 2017\), 4 warnings/);
  });
});

/** Head and body apart, and exactly as many bytes as promised. */
function assertWellFormed(answer: string, text: string): void {
  const end = answer.indexOf('\r\n\r\n');
  const head = answer.slice(0, end);
  const body = answer.slice(end + 4);
  for (const line of head.split('\r\n').slice(1)) assert.match(line, /^[A-Za-z-]+: .*$/);
  assert.equal(Number(/^content-length: (\d+)/im.exec(head)?.[1]), body.length);
  assert.ok(body.startsWith('<!doctype html>'), body.slice(0, 40));
  assert.ok(body.includes(text));
}
