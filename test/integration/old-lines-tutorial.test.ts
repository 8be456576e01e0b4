/** Every command line of the French tutorial of 2017, with machines that are processes here. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import type { MachineSpec, MachineState } from '../../vms/machine.ts';
import { LOOPBACK_NETWORK, ONE_ADDRESS } from '../../vms/process/addresses.ts';
import { processProvider } from '../../vms/process/provider.ts';
import { eventually } from '../support/eventually.ts';
import { startHelloEarth } from '../support/hello-earth.ts';
import { openTestRoom, type TestRoom } from '../support/machines.ts';
import { getsTheProgram, type LineRule, splitWords, testLines } from '../support/old-lines.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { readyAddresses, type Spawned, spawnRelais } from '../support/start-proxy.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const DEADLINE_MS = 60_000;
/** Machine by its place in the old network: 192.168.1.NN. */
const machines: Readonly<Record<string, string>> = {
  21: 'webapp1',
  22: 'webapp2',
  23: 'webapp3',
  31: 'webapp-new1',
  32: 'webapp-new2',
  33: 'webapp-new3',
};

let lab: TestRoom;
let sandbox: string;
let proxy: Spawned | undefined;
let proxyUrl = '';

function specOf(name: string): MachineSpec {
  const [host] = Object.entries(machines).find(([, each]) => each === name) ?? [];
  const version = name.startsWith('webapp-new') ? 'v2' : 'v1';
  return lab.spec(name, Number(host), { file: path.join(root, 'dist/hello-earth.cjs'), version });
}

async function addressOf(name: string): Promise<string> {
  const status = (await lab.room.status()).find(each => each.name === name);
  return status?.address ?? '127.0.0.1:9';
}

/** The addresses of the old network are those of the machines; 9090 is any free port. */
async function mapped(text: string): Promise<string> {
  let out = text.replace(/^port = 9090$/m, 'port = 0');
  for (const [host, name] of Object.entries(machines)) {
    const address = await addressOf(name);
    const [ip = '', port = ''] = address.split(':');
    out = out.replaceAll(`192.168.1.${host}:8080`, address);
    out = out.replace(`--ip 192.168.1.${host} --port 8080`, `--ip ${ip} --port ${port}`);
  }
  return out;
}

/** Who answers, by name; or the status. Every visitor has a connection of their own. */
async function visit(): Promise<string> {
  const answer = await fetch(proxyUrl, { headers: { Connection: 'close' } });
  await answer.text();
  return answer.headers.get('x-relais-machine') ?? String(answer.status);
}

async function visitors(times = 12): Promise<string[]> {
  const names: string[] = [];
  for (let i = 0; i < times; i++) names.push(await visit());
  return [...new Set(names)].sort();
}

async function states(): Promise<Record<string, MachineState>> {
  return Object.fromEntries((await lab.room.status()).map(({ name, state }) => [name, state]));
}

function named(old: string): string {
  return old.replace('_', '-');
}

async function startProxy(words: readonly string[]): Promise<void> {
  const folder = path.join(sandbox, 'sozu-demo');
  const demo = readFileSync(path.join(root, 'test/fixtures/tutorial-2017/demo.toml'), 'utf8');
  writeFileSync(path.join(folder, 'demo.toml'), await mapped(demo));
  proxy = spawnRelais(words);
  const [address = ''] = await readyAddresses(proxy);
  proxyUrl = address.replace('127.0.0.1', 'http://localhost');
  assert.deepEqual(await visitors(), ['webapp1', 'webapp2'], 'the file has no third machine');
}

async function sozuctl(line: string): Promise<void> {
  const words = splitWords(await mapped(line));
  const { code, err } = await runInProcess({}, ...words.slice(1));
  assert.equal(code, 0, `${words.join(' ')}: ${err}`);
}

async function up(names: readonly string[]): Promise<void> {
  for (const name of names) await lab.room.up(specOf(name));
  const now = await states();
  for (const name of names) assert.equal(now[name], 'running');
}

/** The app begins with its machine here; the line finds it serving. */
async function npmStart(name: string): Promise<void> {
  const { address, version } = await lab.room.up(specOf(name));
  const page = await (await fetch(`http://${address}/`)).text();
  assert.match(page, new RegExp(`Hello 🌍 ${version}`));
}

async function haltAndDestroy(name: string): Promise<void> {
  await lab.room.halt(name);
  assert.equal((await states())[name], 'poweroff');
  await lab.room.destroy(name);
  assert.notEqual((await states())[name], 'running');
  if (name !== 'webapp1') {
    assert.deepEqual(await visitors(6), ['webapp1'], 'the last machine serves everybody');
    return;
  }
  const answer = await fetch(proxyUrl);
  assert.equal(answer.status, 503);
  assert.equal(answer.statusText, 'your application is in deployment');
  assert.match(await answer.text(), /Ouch/);
}

async function backend(verb: string, host: string, line: string): Promise<void> {
  const name = machines[host] ?? '';
  await sozuctl(line);
  if (verb === 'remove') {
    assert.ok(!(await visitors()).includes(name), `${name} gets no request any more`);
    return;
  }
  await eventually(`${name} serves`, async () => (await visit()) === name, DEADLINE_MS);
}

const rules: readonly LineRule[] = [
  {
    line: /^node index\.js$/,
    run: async () => {
      const app = await startHelloEarth();
      assert.match(await (await fetch(app.url)).text(), /Hello 🌍 v1/);
      await app.stop();
    },
  },
  getsTheProgram,
  {
    line: /^cd ([\w-]+)$/,
    run: ([, folder = '']) => assert.ok(existsSync(path.join(sandbox, folder)), folder),
  },
  {
    line: /^vagrant up$/,
    run: (_match, section) => {
      const names = Object.values(machines);
      return up(names.filter(name => name.startsWith('webapp-new') === (section === '5B')));
    },
  },
  {
    line: /^vagrant ssh (\w+) -c "cd hello-earth; npm start"&?$/,
    run: ([, name = '']) => npmStart(named(name)),
  },
  {
    line: /^vagrant status$/,
    run: async () => {
      const now = await states();
      const destroyed = proxy !== undefined && now['webapp2'] !== 'running';
      const rest = destroyed ? 'not-created' : 'running';
      const { webapp1, webapp2 = 'not-created', webapp3 = 'not-created' } = now;
      assert.deepEqual([webapp1, webapp2, webapp3], ['running', rest, rest]);
    },
  },
  {
    line: /^vagrant halt (\w+); vagrant destroy \1 -f$/,
    run: ([, name = '']) => haltAndDestroy(name),
  },
  {
    line: /^\S*\/sozu start .*$/,
    run: ([line = '']) => startProxy(splitWords(line).slice(1)),
  },
  {
    line: /^\S*\/sozuctl .* backend (add|remove) .*192\.168\.1\.(\d+) .*$/,
    run: ([line = '', verb = '', host = '']) => backend(verb, host, line),
  },
];

describe('the lines of the tutorial of 2017', { timeout: 600_000 }, () => {
  before(async () => {
    const isLinux = process.platform === 'linux';
    lab = await openTestRoom(processProvider(isLinux ? LOOPBACK_NETWORK : ONE_ADDRESS));
    sandbox = path.join(lab.folder, 'sandbox');
    for (const folder of ['vms', 'hello-earth', 'sozu', 'sozu-demo/command_folder']) {
      mkdirSync(path.join(sandbox, folder), { recursive: true });
    }
    for (const page of ['404.html', '503.html']) {
      const tutorial = path.join(root, 'test/fixtures/tutorial-2017', page);
      copyFileSync(tutorial, path.join(sandbox, 'sozu-demo', page));
    }
    process.chdir(path.join(sandbox, 'sozu-demo'));
  });
  after(async () => {
    process.chdir(root);
    proxy?.child.kill('SIGKILL');
    await proxy?.ended;
    await lab.end();
  });
  testLines('tutorial', rules);
});
