/** Health checks over real sockets: every way to fail, the way back, and what is left behind. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { EventBody } from '../../../proxy/command/events.ts';
import type { Backend, HealthCheck } from '../../../proxy/command/requests.ts';
import type { BackendHealth } from '../../../proxy/command/worker-messages.ts';
import { Prober } from '../../../proxy/health/prober.ts';
import { TimerWheel } from '../../../proxy/net/socket/timer-wheel.ts';
import { type Dial, socketDialer } from '../../../proxy/net/upstream/dialer.ts';
import { eventually } from '../../support/eventually.ts';
import { answerOf, type Behaviour, RawBackend } from '../../support/raw-peer.ts';

const FAST: HealthCheck = {
  uri: '/health?deep=1',
  intervalMs: 50,
  timeoutMs: 150,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};

let events: EventBody[];
let changes: BackendHealth[];
let prober: Prober;
let dialed: number;
const opened: RawBackend[] = [];

beforeEach(() => {
  events = [];
  changes = [];
  dialed = 0;
  const dial = socketDialer(Buffer.alloc(16 * 1024));
  prober = proberWith((address, user) => {
    dialed++;
    return dial(address, user);
  });
});

afterEach(async () => {
  prober.stop();
  for (const each of opened.splice(0)) {
    await each.abandoned();
    await each.close();
  }
});

function proberWith(dial: Dial, timers = new TimerWheel()): Prober {
  return new Prober({
    dial,
    timers,
    random: Math.random,
    emit: event => events.push(event),
    onChange: change => changes.push(change),
  });
}

async function backend(behaviour: Behaviour, onConnect?: Behaviour): Promise<RawBackend> {
  const started = await RawBackend.start(behaviour, onConnect);
  opened.push(started);
  return started;
}

function follow(check: HealthCheck | undefined, ...backends: Partial<Backend>[]): void {
  const cluster = { id: 'web', ...(check === undefined ? {} : { healthCheck: check }) };
  const all = backends.map((fields, index) => ({
    clusterId: 'web',
    backendId: `b${index}`,
    address: '127.0.0.1:1',
    ...fields,
  }));
  prober.follow('web', { cluster, backends: new Map(all.map(each => [each.backendId, each])) });
}

async function told(kind: EventBody['kind']): Promise<EventBody> {
  return eventually(kind, () => events.find(event => event.kind === kind));
}

const ok: Behaviour = peer => {
  peer.send(answerOf('fine', 'Connection: close\r\n'));
  peer.socket.end();
};

describe('a health check', () => {
  it('asks with the uri, the address as Host, and closes', async () => {
    const good = await backend(ok);
    follow(FAST, { address: good.address });
    await eventually('three checks', () => good.peers.length >= 3);
    assert.equal(
      good.peers[0]?.received,
      `GET /health?deep=1 HTTP/1.1\r\nHost: ${good.address}\r\nConnection: close\r\n\r\n`,
    );
    assert.deepEqual(events, []);
  });

  const failures: readonly [string, Behaviour, RegExp, boolean][] = [
    ['another status', peer => peer.send('HTTP/1.1 503 No\r\n\r\n'), /was 503, not 2xx$/, false],
    ['no HTTP', peer => peer.send('SSH-2.0-OpenSSH\r\n'), /not valid HTTP$/, false],
    ['the end', peer => peer.socket.end(), /closed before an answer$/, false],
    ['a reset', peer => peer.socket.resetAndDestroy(), /reset before an answer$/, false],
    ['silence', () => {}, /no answer within 150 ms$/, true],
    [
      'a head without end',
      peer => peer.send(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(6000)}`),
      /longer than 4096 bytes$/,
      false,
    ],
  ];
  for (const [what, behaviour, reason, silent] of failures) {
    it(`fails with ${what}`, async () => {
      const bad = await backend(behaviour);
      follow(FAST, { address: bad.address });
      const event = await told('health-check-unhealthy');
      assert.match(event.cause ?? '', /^2 checks in a row failed, the last one: /);
      assert.match(event.cause ?? '', reason);
      assert.equal(event.address, bad.address);
      const identity = { clusterId: 'web', backendId: 'b0', address: bad.address };
      assert.deepEqual(changes[0], { ...identity, healthy: false, silent });
      assert.equal(changes.filter(change => !change.silent).length, silent ? 0 : 1);
      assert.deepEqual(prober.unhealthy(), [{ ...identity, healthy: false, silent: false }]);
    });
  }

  it('fails with a refused connect', async () => {
    const gone = await RawBackend.start(() => {});
    await gone.close();
    follow(FAST, { address: gone.address });
    assert.match((await told('health-check-unhealthy')).cause ?? '', /the connect was refused$/);
  });

  it('looks at the head of the final answer only', async () => {
    const good = await backend(peer => {
      peer.send('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 418 Teapot\r\n\r\n');
    });
    follow({ ...FAST, expectedStatus: 418 }, { address: good.address });
    await eventually('three checks', () => good.peers.length >= 3);
    assert.deepEqual(events, []);
  });

  it('tells how far a backend is from another verdict', async () => {
    let broken = true;
    const flaky = await backend(peer => (broken ? peer.send('HTTP/1.1 500 No\r\n\r\n') : ok(peer)));
    const identity = { clusterId: 'web', backendId: 'b0', address: flaky.address };
    const patient = { ...FAST, unhealthyThreshold: 1000 };
    assert.equal(prober.progress(identity), undefined);
    follow(patient, { address: flaky.address });
    assert.deepEqual(prober.progress(identity), { against: 0, needed: 1000 });
    await eventually('two failed', () => (prober.progress(identity)?.against ?? 0) >= 2);
    follow({ ...patient, unhealthyThreshold: 3 }, { address: flaky.address });
    await told('health-check-unhealthy');
    assert.equal(prober.progress(identity)?.needed, 2);
    broken = false;
    await told('health-check-healthy');
    assert.deepEqual(prober.progress(identity), { against: 0, needed: 3 });
  });

  describe('asked whether a backend is well from now on', () => {
    const identity = (address: string) => ({ clusterId: 'web', backendId: 'b0', address });

    it('wants good answers in a row, whatever it thought before', async () => {
      const good = await backend(ok);
      follow({ ...FAST, intervalMs: 60_000 }, { address: good.address });
      await eventually('a check', () => good.peers.length >= 1);
      const asked = prober.prove(identity(good.address), 10_000);
      follow(FAST, { address: good.address });
      assert.deepEqual(await asked, { proved: true });
      assert.ok(good.peers.length >= 3, `${good.peers.length} checks`);
    });

    it('says why not after bad ones in a row, although it is healthy still', async () => {
      const bad = await backend(peer => peer.send('HTTP/1.1 503 No\r\n\r\n'));
      follow({ ...FAST, intervalMs: 20 }, { address: bad.address });
      const reason = 'its health checks fail (the last health check: the answer was 503, not 2xx)';
      assert.deepEqual(await prober.prove(identity(bad.address), 10_000), {
        proved: false,
        reason,
      });
    });

    it('gives up at the deadline, and when the backend is no longer checked', async () => {
      const mute = await backend(() => {});
      follow({ ...FAST, timeoutMs: 60_000 }, { address: mute.address });
      const late = await prober.prove(identity(mute.address), 60);
      assert.match(
        late?.proved === false ? late.reason : '',
        /^not within 0.06 s \(no health check/,
      );
      const left = prober.prove(identity(mute.address), 10_000);
      follow(undefined, { address: mute.address });
      const gone = await left;
      assert.match(gone?.proved === false ? gone.reason : '', /^it is no longer checked/);
      assert.equal(prober.prove(identity(mute.address), 10_000), undefined);
    });
  });

  it('finds a backend that came back', async () => {
    let broken = true;
    const flaky = await backend(peer => (broken ? peer.send('HTTP/1.1 500 No\r\n\r\n') : ok(peer)));
    follow(FAST, { address: flaky.address });
    await told('health-check-unhealthy');
    broken = false;
    const event = await told('health-check-healthy');
    assert.equal(event.cause, '2 checks in a row succeeded, the last one: the answer was 200');
    assert.deepEqual(
      changes.map(change => change.healthy),
      [false, true],
    );
    assert.deepEqual(prober.unhealthy(), []);
  });
});

describe('the checks of a cluster', () => {
  it('end with its health check, and its backends are healthy again', async () => {
    const bad = await backend(peer => peer.send('HTTP/1.1 500 No\r\n\r\n'));
    follow(FAST, { address: bad.address });
    await told('health-check-unhealthy');
    follow(undefined, { address: bad.address });
    assert.equal(events.at(-1)?.cause, 'its health check was removed');
    assert.equal(changes.at(-1)?.healthy, true);
  });

  it('end with the backend, without a word', async () => {
    const bad = await backend(peer => peer.send('HTTP/1.1 500 No\r\n\r\n'));
    follow(FAST, { address: bad.address });
    await told('health-check-unhealthy');
    follow(FAST);
    assert.deepEqual(prober.unhealthy(), []);
    assert.equal(events.length, 1);
  });

  it('go on in drain; in maintenance they end, and begin anew behind it', async () => {
    const bad = await backend(peer => peer.send('HTTP/1.1 500 No\r\n\r\n'));
    follow(FAST, { address: bad.address, admin: 'drain' });
    await told('health-check-unhealthy');
    follow(FAST, { address: bad.address, admin: 'maint' });
    assert.equal(events.at(-1)?.cause, 'it is in maintenance and not checked');
    assert.deepEqual(
      changes.map(change => change.healthy),
      [false, true],
    );
    assert.deepEqual(prober.unhealthy(), []);
    await bad.abandoned();
    const asked = bad.peers.length;
    follow(FAST, { address: bad.address, admin: 'maint' });
    const other = await backend(ok);
    follow(FAST, { address: bad.address, admin: 'maint' }, { address: other.address });
    await eventually('another one was checked four times', () => other.peers.length >= 4);
    assert.equal(bad.peers.length, asked);
    events.length = 0;
    follow(FAST, { address: bad.address }, { address: other.address });
    await told('health-check-unhealthy');
    assert.ok(bad.peers.length - asked >= 2, 'failures from before do not count');
  });

  it('go on counting when the weight of a backend or the interval changes', async () => {
    const bad = await backend(peer => peer.send('HTTP/1.1 500 No\r\n\r\n'));
    follow(FAST, { address: bad.address });
    await told('health-check-unhealthy');
    follow({ ...FAST, intervalMs: 40 }, { address: bad.address, weight: 7 });
    assert.equal(prober.unhealthy().length, 1);
    assert.equal(changes.length, 1);
  });

  it('leave no connection and no timer behind', async () => {
    const mute = await backend(() => {});
    follow({ ...FAST, timeoutMs: 60_000 }, { address: mute.address });
    await eventually('a check is under way', () => mute.peers.length === 1);
    prober.stop();
    await mute.abandoned();
    assert.equal(dialed, 1);
  });
});

describe('a thousand backends', () => {
  it('are checked once per interval each, spread over it', () => {
    const dialedAt: number[] = [];
    let now = 0;
    let tick: () => void = () => {};
    const timers = new TimerWheel(
      () => now,
      action => {
        tick = action;
        return () => {};
      },
    );
    prober = proberWith((_, user) => {
      dialedAt.push(now);
      queueMicrotask(() => user.onError('ECONNREFUSED'));
      return silentWire;
    }, timers);
    const backends = Array.from({ length: 1000 }, (_, index) => ({ backendId: `b${index}` }));
    follow({ uri: '/', intervalMs: 10_000 }, ...backends);
    for (; now < 5000; now += 50) tick();
    assert.equal(dialedAt.length, 1000);
    const perTick = new Map<number, number>();
    for (const at of dialedAt) perTick.set(at, (perTick.get(at) ?? 0) + 1);
    assert.ok(Math.max(...perTick.values()) < 150, 'no more than a few per tick');
  });
});

const silentWire: ReturnType<Dial> = {
  write: () => true,
  writableLength: 0,
  pause: () => {},
  resume: () => {},
  end: () => {},
  destroy: () => {},
  resetAndDestroy: () => {},
};
