/** Every command line of the sillyproxy example, with processes in place of containers. */
import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import { startEchoApp } from '../support/hello-earth.ts';
import { getsTheProgram, type LineRule, splitWords, testLines } from '../support/old-lines.ts';
import { readyAddresses, spawnRelais } from '../support/start-proxy.ts';
import { type Environment, type Replica, Service } from '../support/swarm.ts';

const services = new Map<string, Service>();
/** Published port → service. */
const published = new Map<string, string>();

function serviceOf(name: string): Service {
  const service = services.get(name);
  assert.ok(service !== undefined, `there is no service ${name}`);
  return service;
}

async function startMyapp(env: Environment, index: number): Promise<Replica> {
  const machine = `${env['V2'] === undefined ? 'one' : 'two'}-${index}`;
  const app = await startEchoApp({ ...env, MACHINE: machine });
  return { port: app.port, stop: app.stop };
}

/** The name map: `sillyproxy` is `relais env --no-keepalive`. Names of services are addresses. */
async function startSillyproxy(env: Environment): Promise<Replica> {
  const words = ['env', '--no-keepalive', '-addr', '127.0.0.1:0'];
  const mapped = Object.entries(env).map(([key, value]) => [key, onLoopback(value)] as const);
  const proxy = spawnRelais(words, { env: { ...process.env, ...Object.fromEntries(mapped) } });
  const [address = ''] = await readyAddresses(proxy);
  const stop = async (): Promise<void> => {
    proxy.child.kill('SIGTERM');
    await proxy.ended;
  };
  return { port: Number(address.split(':')[1]), stop };
}

function onLoopback(text: string): string {
  return text.replace(/^http:\/\/([\w-]+):8080/, (_all, name: string) => {
    return `http://127.0.0.1:${serviceOf(name).port}`;
  });
}

/** `-e NAME=VALUE`, `-eNAME=VALUE`, `-p7999:8080`, `--name N`, `--network N`, image. */
async function createService(words: readonly string[]): Promise<void> {
  const text = words.join(' ');
  const [, name = ''] = /--name (\S+)/.exec(text) ?? [];
  const [, port = ''] = /-p ?(\d+):8080/.exec(text) ?? [];
  const env = Object.fromEntries(
    [...text.matchAll(/-e ?(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const start = words.at(-1) === 'myapp' ? startMyapp : startSillyproxy;
  services.set(name, await Service.create(env, start));
  published.set(port, name);
}

async function scale(words: readonly string[]): Promise<void> {
  for (const word of words) {
    const [name = '', count = ''] = word.split('=');
    await serviceOf(name).scale(Number(count));
    assert.equal(serviceOf(name).replicas.length, Number(count));
  }
}

async function update(words: readonly string[]): Promise<void> {
  const service = serviceOf(words.at(-1) ?? '');
  const env: Record<string, string> = { ...service.env };
  for (const [index, word] of words.entries()) {
    const [key = '', value = ''] = (words[index + 1] ?? '').split('=');
    if (word === '--env-add') env[key] = value;
    if (word === '--env-rm') Reflect.deleteProperty(env, key);
  }
  await service.update(env);
}

/** Each `docker service ls` shows services whose every process answers. */
async function list(): Promise<void> {
  for (const service of services.values()) {
    for (const { port } of service.replicas) {
      assert.equal((await fetch(`http://127.0.0.1:${port}`)).status, 200);
    }
  }
}

async function visit(port: string): Promise<string> {
  const service = serviceOf(published.get(port) ?? '');
  const url = `http://127.0.0.1:${service.port}/`;
  const answer = await fetch(url, { headers: { Connection: 'close' } });
  assert.equal(answer.status, 200);
  return answer.text();
}

/** What the colours of the proxy's environment let one expect, over as many requests as repeat exactly. */
async function curlProxy(): Promise<void> {
  const { env, replicas } = serviceOf('proxy');
  const blue = env['BLUE'] === undefined ? 0 : Number(env['BLUE_WEIGHT'] ?? 1);
  const green = env['GREEN'] === undefined ? 0 : Number(env['GREEN_WEIGHT'] ?? 1);
  const round = (blue + green) * replicas.length;
  const texts: string[] = [];
  for (let i = 0; i < round * 4; i++) texts.push(await visit('8080'));
  const isBlue = texts.filter(text => /^blue one-\d+\n$/.test(text));
  const isGreen = texts.filter(text => /^\n<h1>two-\d+ \(green\)<\/h1>\n$/.test(text));
  assert.deepEqual(
    [isBlue.length, isGreen.length],
    [blue, green].map(weight => weight * replicas.length * 4),
  );
  // Every process of the only colour is reached: each request has a connection of its own.
  const [only] = blue === 0 ? ['myapp-v2'] : green === 0 ? ['myapp-v1'] : [];
  if (only === undefined) return;
  assert.equal(new Set(texts).size, serviceOf(only).replicas.length);
}

async function curlApp(port: string): Promise<void> {
  const text = await visit(port);
  if (published.get(port) === 'myapp-v1') assert.match(text, /^unknown one-\d+\n$/);
  else assert.match(text, /^\n<h1>two-\d+ \(unknown\)<\/h1>\n$/);
}

const rules: readonly LineRule[] = [
  getsTheProgram,
  {
    // One computer is enough, and its processes see each other on the loopback.
    line: /^docker (?:swarm (?:init|join)|network create) ?.*$/,
    run: () => assert.equal(services.size, 0, 'nothing is needed before the first service'),
  },
  {
    line: /^docker service create (.*)$/,
    run: ([, rest = '']) => createService(splitWords(rest)),
  },
  { line: /^docker service ls$/, run: list },
  { line: /^docker service scale (.*)$/, run: ([, rest = '']) => scale(splitWords(rest)) },
  { line: /^docker service update (.*)$/, run: ([, rest = '']) => update(splitWords(rest)) },
  { line: /^curl (?:-v )?localhost:8080\/?$/, run: curlProxy },
  { line: /^curl (?:http:\/\/)?localhost:(79\d\d)$/, run: ([, port = '']) => curlApp(port) },
];

describe('the lines of the sillyproxy example', { timeout: 600_000 }, () => {
  after(async () => {
    // The proxies first: they hold connections to the others.
    for (const service of [...services.values()].reverse()) await service.remove();
  });
  testLines('sillyproxy', rules);
});
