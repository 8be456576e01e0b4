/** Every command line of the README of Sōzu in 2018: start, stop, dump, save. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { type HelloEarth, startEchoApp } from '../support/hello-earth.ts';
import { getsTheProgram, type LineRule, splitWords, testLines } from '../support/old-lines.ts';
import { type Ended, readyAddresses, type Spawned, spawnRelais } from '../support/start-proxy.ts';

const START = ['start', '-c', 'config.toml'];

let folder: string;
let app: HelloEarth;
let proxy: Spawned | undefined;

/** Starts it with these words, in `bin`, where the file is. */
async function start(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  proxy = spawnRelais(words, { cwd: path.join(folder, 'bin'), env: { ...process.env, ...env } });
  const [address = ''] = await readyAddresses(proxy);
  const answer = await fetch(`http://${address}`);
  assert.equal(await answer.text(), 'unknown readme\n');
  return `http://${address}`;
}

/** A line of `sozuctl`, to a proxy that runs. */
async function sozuctl(line: string): Promise<Ended> {
  if (proxy === undefined || proxy.child.exitCode !== null) await start(START);
  const words = splitWords(line).slice(1);
  const ended = await spawnRelais(words, { cwd: path.join(folder, 'bin') }).ended;
  assert.equal(ended.code, 0, `${line}: ${ended.stderr}`);
  return ended;
}

async function isStopped(): Promise<void> {
  const { code } = (await proxy?.ended) ?? {};
  assert.equal(code, 0);
  proxy = undefined;
}

const rules: readonly LineRule[] = [
  getsTheProgram,
  {
    line: /^cd (bin);$/,
    run: ([, name = '']) => mkdirSync(path.join(folder, name), { recursive: true }),
  },
  { line: /^\S*\/sozu start .*$/, run: ([line = '']) => start(splitWords(line).slice(1)) },
  {
    line: /^sozuctl -c \S+ shutdown(?: --hard)?$/,
    run: async ([line = '']) => {
      await sozuctl(line);
      await isStopped();
    },
  },
  {
    line: /^sozuctl -c \S+ state dump$/,
    run: async ([line = '']) => {
      const { stdout } = await sozuctl(line);
      assert.match(stdout, /Proxy state:\n\{/);
      for (const kind of ['add-listener', 'add-cluster', 'add-backend', 'add-frontend']) {
        assert.ok(stdout.includes(`"${kind}"`), kind);
      }
    },
  },
  {
    line: /^sozuctl -c \S+ state save -f (\S+)$/,
    run: async ([line = '', file = '']) => {
      await sozuctl(line);
      const saved = path.join(folder, 'bin', file);
      assert.match(readFileSync(saved, 'utf8'), new RegExp(`127\\.0\\.0\\.1:${app.port}`));
    },
  },
  {
    line: /^RUST_LOG=(\S+) \S*\/sozu$/,
    run: async ([, level = '']) => {
      const alone = spawnRelais([], { env: { ...process.env, RUST_LOG: level } });
      assert.match((await alone.ended).stderr, /Usage: relais/, 'a verb is needed, as it was');
      if (proxy !== undefined) await sozuctl('sozuctl -c config.toml shutdown').then(isStopped);
      await start(START, { RUST_LOG: level });
      assert.match(proxy?.stdout() ?? '', /INFO {2}RUST_LOG: the log level is info/);
      assert.match(proxy?.stdout() ?? '', /http11=trace has no effect: there is one level for all/);
    },
  },
];

describe('the lines of the README of 2018', { timeout: 600_000 }, () => {
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'relais-readme-'));
    mkdirSync(path.join(folder, 'bin'));
    app = await startEchoApp({ MACHINE: 'readme' });
    const config = `command_socket = "./sock"
log_level = "warn"
[http]
address = "127.0.0.1"
port = 0
[applications.web]
hostname = "127.0.0.1"
frontends = ["HTTP"]
backends = ["127.0.0.1:${app.port}"]
`;
    writeFileSync(path.join(folder, 'bin/config.toml'), config);
  });
  after(async () => {
    proxy?.child.kill('SIGKILL');
    await proxy?.ended;
    await app.stop();
    rmSync(folder, { recursive: true });
  });
  testLines('readme', rules);
});
