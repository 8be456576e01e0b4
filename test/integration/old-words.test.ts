/** The command lines and messages of 2017 and 2018 change a running proxy of today. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Backend } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { startEchoApp } from '../support/hello-earth.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { type RunningProxy, startProxy } from '../support/start-proxy.ts';

const config = `
  log_level = "warn"
  worker_count = 2
  [http]
  address = "127.0.0.1"
  port = 0
  [applications.webapp]
  hostname = "localhost"
  frontends = ["HTTP"]
  backends = []
`;

type Run = (...words: readonly string[]) => Promise<string>;

/** Runs a line as it was typed; the program is called otherwise today. */
function sozuctl(proxy: RunningProxy): Run {
  return async (...words) => {
    const { code, out, err } = await runInProcess('-c', proxy.configFile, ...words);
    assert.equal(code, 0, `${words.join(' ')}: ${err}`);
    return out;
  };
}

async function echo(test: TestContext, machine: string): Promise<{ ip: string; port: string }> {
  const app = await startEchoApp({ MACHINE: machine });
  test.after(app.stop);
  return { ip: '127.0.0.1', port: String(app.port) };
}

/** The status, or the body of a 200. */
async function visit(proxy: RunningProxy, host: string, target = '/'): Promise<string> {
  const { text, status } = await new Promise<{ text: string; status: string }>(
    (resolve, reject) => {
      const socket = connect(proxy.port, '127.0.0.1');
      let received = '';
      socket.on('data', chunk => {
        received += chunk.toString();
      });
      socket.on('error', reject);
      socket.on('close', () => {
        const [head = '', body = ''] = received.split('\r\n\r\n');
        resolve({ text: body, status: head.split(' ')[1] ?? '' });
      });
      socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    },
  );
  return status === '200' ? text.trim() : status;
}

async function backends(proxy: RunningProxy): Promise<Backend[]> {
  const client = await proxy.connect();
  const { content } = await client.send({ kind: 'dump-state' });
  client.close();
  const requests = content?.requests ?? [];
  return requests.flatMap(each => (each.kind === 'add-backend' ? [each.backend] : []));
}

describe('lines of sozuctl', () => {
  it('add and remove instances, with and without an id', async test => {
    const proxy = await startProxy(test, { config });
    const run = sozuctl(proxy);
    const { ip, port } = await echo(test, 'one');
    await run('backend', 'add', '--id', 'webapp', '--ip', ip, '--port', port);
    assert.equal(await visit(proxy, 'localhost'), 'unknown one');
    await run('backend', 'remove', '-i', 'webapp', '--ip', ip, '-p', port);
    assert.equal(await visit(proxy, 'localhost'), '503');
    const named = ['--instance-id', 'webapp-0'];
    await run('backend', 'add', '--id', 'webapp', ...named, '--ip', ip, '--port', port);
    assert.deepEqual(
      (await backends(proxy)).map(each => each.backendId),
      ['webapp-0'],
    );
    await run('backend', 'remove', '--id', 'webapp', ...named, '--ip', ip, '--port', port);
    assert.deepEqual(await backends(proxy), []);
  });

  it('add a frontend of an application that is not there yet', async test => {
    const proxy = await startProxy(test, { config });
    const run = sozuctl(proxy);
    const { ip, port } = await echo(test, 'shop');
    const front = ['--id', 'shop', '--hostname', 'shop.test', '--path_begin', '/v1'];
    await run('frontend', 'add', ...front, '--sticky session');
    await run('backend', 'add', '--id', 'shop', '--ip', ip, '--port', port);
    assert.equal(await visit(proxy, 'shop.test', '/v1/cart'), 'unknown shop');
    assert.equal(await visit(proxy, 'shop.test', '/other'), '404');
    await run('frontend', 'remove', ...front);
    assert.equal(await visit(proxy, 'shop.test', '/v1/cart'), '404');
    await run('frontend', 'http', 'add', '-i', 'shop', '--hostname', 'shop.test');
    assert.equal(await visit(proxy, 'shop.test', '/other'), 'unknown shop');
    await run('frontend', 'http', 'remove', '-i', 'shop', '--hostname', 'shop.test');
    assert.equal(await visit(proxy, 'shop.test'), '404');
  });

  it('add, show and remove applications', async test => {
    const proxy = await startProxy(test, { config });
    const run = sozuctl(proxy);
    await run('application', 'add', '-i', 'api', '-s', '--load-balancing-policy', 'roundrobin');
    assert.match(
      await run('query', 'applications'),
      /\bapi\b[\s\S]*\bwebapp\b|\bwebapp\b[\s\S]*\bapi\b/,
    );
    await run('application', 'remove', '--id', 'api');
    assert.doesNotMatch(await run('query', 'applications'), /\bapi\b/);
  });

  it('save the state to a file and load it again', async test => {
    const proxy = await startProxy(test, { config });
    const run = sozuctl(proxy);
    const { ip, port } = await echo(test, 'one');
    const place = ['--id', 'webapp', '--ip', ip, '--port', port];
    await run('backend', 'add', ...place);
    const file = path.join(proxy.folder, 'state.json');
    await run('state', 'save', '--file', file);
    await run('backend', 'remove', ...place);
    assert.equal(await visit(proxy, 'localhost'), '503');
    await run('state', 'load', '-f', file);
    assert.equal(await visit(proxy, 'localhost'), 'unknown one');
  });

  it('change how much is logged, and exchange the processes', async test => {
    const proxy = await startProxy(test, { config });
    const run = sozuctl(proxy);
    const before = await run('status');
    try {
      await run('logging', '-l', 'info');
      assert.match(await run('state', 'dump'), /"logLevel": "info"/);
      await run('upgrade');
      assert.notEqual(await run('status'), before);
      assert.equal(await visit(proxy, 'localhost'), '503');
    } finally {
      // The new main process is no child of this test, and holds its pipes.
      await run('shutdown', '--hard');
    }
  });

  it('show workers, numbers and the state, and stop the proxy', async test => {
    const proxy = await startProxy(test, { config });
    const run = sozuctl(proxy);
    assert.match(await run('status'), /worker[\s\S]*running[\s\S]*running/);
    assert.match(await run('metrics'), /Success/);
    assert.match(await run('state', 'dump'), /Proxy state:\n\{[\s\S]*"webapp"/);
    await run('shutdown');
    assert.equal((await proxy.ended).code, 0);
  });

  it('that are about TLS or TCP are refused with one sentence and change nothing', async test => {
    const proxy = await startProxy(test, { config });
    for (const line of [
      'certificate add --certificate a --certificate-chain b --key c',
      'certificate remove --certificate a',
      'frontend tcp add --id webapp --ip 127.0.0.1 --port 1',
      'application add -i x -h',
    ]) {
      const { code, err } = await runInProcess('-c', proxy.configFile, ...line.split(' '));
      assert.equal(code, 2, line);
      assert.match(err, /^error: (?:TLS is not spoken|only HTTP is relayed)[^\n]*\n$/);
    }
  });
});

describe('messages of 2017', () => {
  /** Sends messages that end with a NUL; resolves with as many replies, which do as well. */
  async function tell(proxy: RunningProxy, ...messages: readonly object[]): Promise<object[]> {
    const socket = connect(proxy.socketPath);
    let received = '';
    socket.on('data', chunk => {
      received += chunk.toString();
    });
    for (const message of messages) socket.write(`${JSON.stringify(message)}\0`);
    const frames = await eventually('a reply to each message', () => {
      const complete = received.split('\0').slice(0, -1);
      return complete.length === messages.length && complete;
    });
    socket.destroy();
    return frames.map(frame => JSON.parse(frame) as object);
  }

  function proxyOrder(id: string, type: string, data?: object): object {
    return { id, version: 0, type: 'PROXY', data: { type, data } };
  }

  it('are obeyed, and answered under their own id with a NUL at the end', async test => {
    const proxy = await startProxy(test, { config });
    const { ip, port } = await echo(test, 'one');
    const instance = { app_id: 'api', ip_address: ip, port: Number(port) };
    const [front, added] = await tell(
      proxy,
      proxyOrder('ID-1', 'ADD_HTTP_FRONT', { app_id: 'api', hostname: 'api.test', path_begin: '' }),
      proxyOrder('ID-2', 'ADD_INSTANCE', instance),
    );
    assert.deepEqual(Object.entries(front ?? {}).slice(0, 2), [
      ['id', 'ID-1'],
      ['status', 'ok'],
    ]);
    assert.deepEqual(Object.entries(added ?? {}).slice(0, 2), [
      ['id', 'ID-2'],
      ['status', 'ok'],
    ]);
    assert.equal(await visit(proxy, 'api.test'), 'unknown one');
    const [gone, status, wrong] = await tell(
      proxy,
      proxyOrder('ID-3', 'REMOVE_INSTANCE', instance),
      { id: 'ID-4', version: 0, type: 'LIST_WORKERS' },
      { id: 'ID-5', version: 0, type: 'NOTHING' },
    ).then(replies => replies.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))));
    assert.deepEqual(
      [gone, status, wrong].map(reply => (reply as { status: string }).status),
      ['ok', 'ok', 'failure'],
    );
    assert.equal(await visit(proxy, 'api.test'), '503');
    const last = connect(proxy.socketPath).on('error', () => undefined);
    last.end(`${JSON.stringify(proxyOrder('ID-6', 'HARD_STOP'))}\0`);
    assert.equal((await proxy.ended).code, 0);
  });
});
