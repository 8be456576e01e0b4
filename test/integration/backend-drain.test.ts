/** A backend is emptied under load, and who waits for that is told the truth; two real workers. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, it } from 'node:test';
import type { CommandClient, ProxyEvent, Reply } from '../../proxy/index.ts';
import { backend, drainConfig, head, hold, slow, soon, UPGRADE } from '../support/drain-peers.ts';
import { answerOf } from '../support/raw-peer.ts';
import { startProxy } from '../support/start-proxy.ts';

function eventsOf(client: CommandClient): ProxyEvent[] {
  const events: ProxyEvent[] = [];
  client.events(event => events.push(event));
  return events;
}

interface Load {
  readonly failed: string[];
  count: number;
  stop(): Promise<void>;
}

/** Visitors who ask again and again. */
function visitors(port: number, fields: () => Record<string, string>): Load {
  let running = true;
  const load = { failed: [] as string[], count: 0 };
  const agent = new http.Agent({ keepAlive: true });
  const visit = (kept: boolean): Promise<void> =>
    new Promise(resolve => {
      const headers = { Host: 'web', ...fields() };
      const options = { host: '127.0.0.1', port, headers, agent: kept ? agent : false };
      const request = http.get(options, answer => {
        if (answer.statusCode !== 200) load.failed.push(String(answer.statusCode));
        answer.resume().on('close', () => {
          if (!answer.complete) load.failed.push('incomplete');
          resolve();
        });
      });
      request.on('error', error => {
        load.failed.push(error.message);
        resolve();
      });
    });
  const all = Array.from({ length: 8 }, async (_, index) => {
    while (running) {
      await visit(index % 4 !== 0);
      load.count++;
    }
  });
  const stop = async (): Promise<void> => {
    running = false;
    await Promise.all(all);
    agent.destroy();
  };
  return Object.assign(load, { stop });
}

describe('a drain under load', () => {
  it('leaves the backend without a request from its reply on, and fails none', async test => {
    let isDrained = false;
    let lateOnes = 0;
    const old = await backend(test, text => {
      if (isDrained && text.includes('x-late: yes')) lateOnes++;
      return answerOf('old');
    });
    const fresh = await backend(test, () => answerOf('fresh'));
    const proxy = await startProxy(test, { config: drainConfig([old.address, fresh.address]) });
    const client = await proxy.connect();
    const events = eventsOf(await proxy.connect());
    const load = visitors(proxy.port, () => (isDrained ? { 'x-late': 'yes' } : {}));
    const place = { clusterId: 'web', address: old.address };
    const safe = (): ProxyEvent[] => events.filter(({ kind }) => kind === 'backend-safe-to-stop');
    for (let round = 1; round <= 4; round++) {
      const before = old.requests.length;
      await soon('it gets requests', () => old.requests.length > before + 20);
      const admin = round % 2 === 0 ? 'maint' : 'drain';
      const reply = await client.send({ kind: 'set-backend-admin', ...place, admin });
      isDrained = true;
      assert.equal(reply.status, 'ok', reply.message);
      await soon('it is safe to stop', () => safe().length === round);
      const [count, reached] = [load.count, old.requests.length];
      await soon('others are served', () => load.count > count + 50);
      assert.equal(old.requests.length, reached);
      isDrained = false;
      const ready = await client.send({ kind: 'set-backend-admin', ...place, admin: 'ready' });
      assert.equal(ready.status, 'ok', ready.message);
    }
    await load.stop();
    assert.equal(lateOnes, 0);
    assert.deepEqual(load.failed, []);
    assert.equal(safe().length, 4);
    assert.equal(events.filter(({ kind }) => kind === 'backend-ready').length, 4);
  });

  it('and a removal are told to be safe once each', async test => {
    const [old, fresh] = [await slow(test), await backend(test, () => answerOf('fresh'))];
    const proxy = await startProxy(test, { config: drainConfig([old.address]) });
    const client = await proxy.connect();
    const events = eventsOf(await proxy.connect());
    const held = await hold(test, proxy, head('/long'));
    await held.until('begin');
    const load = visitors(proxy.port, () => ({}));
    const backendAt = (address: string) => ({ clusterId: 'web', backendId: address, address });
    await client.send({ kind: 'add-backend', backend: backendAt(fresh.address) });
    await client.send({ kind: 'remove-backend', clusterId: 'web', address: old.address });
    const reached = old.requests.length;
    const { count } = load;
    await soon('others are served', () => load.count > count + 50);
    // Those that were under way at the removal have arrived by now, and there is none behind them.
    assert.ok(old.requests.length - reached <= 8);
    const safe = (): ProxyEvent[] => events.filter(({ kind }) => kind === 'backend-safe-to-stop');
    assert.deepEqual(safe(), []);
    held.close();
    await soon('it is safe to stop', () => safe().length === 1);
    assert.equal(safe()[0]?.address, old.address);
    assert.match(safe()[0]?.cause ?? '', /^removed, /);
    await load.stop();
    assert.deepEqual(load.failed, []);
    await old.abandoned();
  });
});

describe('one who waits for a drain', () => {
  it('is told what holds it, and after the deadline what was cut', async test => {
    const [old, fresh] = [await slow(test), await slow(test)];
    const proxy = await startProxy(test, { config: drainConfig([old.address]) });
    const client = await proxy.connect();
    const held = await Promise.all(
      [head('/long'), head('/chat', UPGRADE), head('/chat', UPGRADE)].map(text =>
        hold(test, proxy, text),
      ),
    );
    for (const each of held) await each.until('\r\n\r\n');
    const waiting = await hold(test, proxy, head('/wait'));
    await soon('the backend has it', () => old.requests.length === 4);
    const place = { clusterId: 'web', backendId: fresh.address, address: fresh.address };
    await client.send({ kind: 'add-backend', backend: place });
    const others = await hold(test, proxy, head('/chat', UPGRADE));
    // Round robin, in each worker for itself: it may have come to the old one.
    await others.until('\r\n\r\n');
    const tunnels = fresh.requests.length === 1 ? 2 : 3;
    const steps: Reply[] = [];
    const reply = await client.send(
      {
        kind: 'set-backend-admin',
        clusterId: 'web',
        address: old.address,
        admin: 'drain',
        wait: true,
        deadlineMs: 3000,
      },
      { timeoutMs: 30_000, onProcessing: step => steps.push(step) },
    );
    assert.equal(reply.status, 'ok', reply.message);
    assert.match(reply.message, /^safe to stop: backend \S+ of cluster "web", after \d/);
    const cut = `cut ${tunnels} tunnels, 1 download; 1 request went to another backend instead`;
    assert.ok(reply.message.endsWith(cut), reply.message);
    assert.deepEqual(reply.content?.cut, {
      counts: { download: 1, upload: 0, request: 0, tunnel: tunnels },
      moved: 1,
    });
    assert.match(
      steps[0]?.message ?? '',
      new RegExp(`is in drain: no new request goes there; ${tunnels + 2} in progress: `),
    );
    assert.match(steps[0]?.message ?? '', /what is left is cut in \d\.\d s$/);
    for (const each of held) assert.notEqual(await each.ended(), '');
    assert.equal(waiting.end, 'open');
    assert.equal(others.end, tunnels === 2 ? 'open' : others.end);
    await old.abandoned();
  });

  it('is told when it becomes ready, when it is removed, and that a dead worker holds nothing', async test => {
    const old = await slow(test);
    const proxy = await startProxy(test, { config: drainConfig([old.address]) });
    const [client, waiter] = [await proxy.connect(), await proxy.connect()];
    const place = { clusterId: 'web', address: old.address };
    const held = await hold(test, proxy, head('/long'));
    await held.until('begin');
    const drain = async (): Promise<{ ended: Promise<Reply> }> => {
      let begun = (): void => undefined;
      const begins = new Promise<void>(resolve => {
        begun = resolve;
      });
      const ended = waiter.send(
        { kind: 'set-backend-admin', ...place, admin: 'drain', wait: true },
        { timeoutMs: 30_000, onProcessing: () => begun() },
      );
      await begins;
      return { ended };
    };
    const first = await drain();
    await client.send({ kind: 'set-backend-admin', ...place, admin: 'ready' });
    const { status, message } = await first.ended;
    assert.equal(status, 'failure', message);
    assert.equal(message, `backend ${old.address} was not yet safe to stop: it is ready again`);
    const second = await drain();
    await client.send({ kind: 'remove-backend', ...place });
    assert.match((await second.ended).message, /was not yet safe to stop: it was removed$/);
    const added = { ...place, backendId: old.address };
    await client.send({ kind: 'add-backend', backend: added });
    const third = await drain();
    const { content } = await client.send({ kind: 'list-backends' });
    const busy = content?.backends[0]?.workers.find(each => each.activeRequests > 0);
    assert.equal(content?.backends[0]?.admin, 'drain');
    const status2 = await client.send({ kind: 'status' });
    const { pid = 0 } =
      status2.content?.workers.find(each => each.workerId === busy?.workerId) ?? {};
    assert.ok(pid > 0);
    process.kill(pid, 'SIGKILL');
    assert.match((await third.ended).message, /^safe to stop: /);
    const after = await client.send({ kind: 'list-backends' });
    assert.equal(after.content?.backends[0]?.admin, 'drain', 'the new worker knows it, too');
  });
});
