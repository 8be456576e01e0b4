/** What a running data plane makes of weights, policies, slow start and health. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Backend } from '../../../proxy/command/requests.ts';
import type { BackendSnapshot } from '../../../proxy/command/snapshots.ts';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, type PlaneOptions, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

/** Backends that answer with their id, and the plane before them. */
async function start(count: number, options: PlaneOptions = {}): Promise<RawBackend[]> {
  const backends = await Promise.all(
    Array.from({ length: count }, (_, index) => RawBackend.answering(() => answerOf(`b${index}`))),
  );
  test = await TestPlane.start({ ...options, backends });
  return backends;
}

async function ask(times: number): Promise<string[]> {
  const answers: string[] = [];
  for (let i = 0; i < times; i++) {
    answers.push((await test.ask(get('/', 'Connection: close\r\n'))).slice(-2));
  }
  return answers;
}

/** A backend that is closed has no address any more. */
type Located = Pick<RawBackend, 'address'>;

function addAgain({ address }: Located, backendId: string, more: Partial<Backend> = {}): void {
  test.apply({ kind: 'add-backend', backend: { clusterId: 'web', backendId, address, ...more } });
}

function snapshot(backendId: string): BackendSnapshot {
  const found = test.plane.snapshot().backends.find(known => known.backendId === backendId);
  assert.ok(found !== undefined);
  return found;
}

function setHealth({ address }: RawBackend, backendId: string, healthy: boolean): void {
  test.plane.setHealth([{ clusterId: 'web', backendId, address, healthy, silent: false }]);
}

describe('a backend that is added again', () => {
  it('takes its new weight at the next request, and is told with it', async () => {
    const [first] = await start(2);
    assert.ok(first !== undefined);
    addAgain(first, 'b0', { weight: 300, version: '1.2.3' });
    const turns = await ask(8);
    assert.equal(turns.filter(id => id === 'b0').length, 6);
    const { weight, sharePercent, version } = snapshot('b0');
    assert.deepEqual(
      { weight, sharePercent, version },
      { weight: 300, sharePercent: 75, version: '1.2.3' },
    );
  });

  it('with another weight keeps its failures; once more as it is, it is forgiven', async () => {
    const [first] = await start(2);
    assert.ok(first !== undefined);
    const { address } = first;
    await first.close();
    await ask(2);
    assert.equal(snapshot('b0').failures, 1);
    addAgain({ address }, 'b0', { weight: 50 });
    assert.equal(snapshot('b0').failures, 1);
    addAgain({ address }, 'b0', { weight: 50 });
    assert.equal(snapshot('b0').failures, 0);
  });
});

describe('weight 0', () => {
  it('is no outage: nothing is told, whichever backend comes first', async () => {
    const [first, second] = await start(2);
    assert.ok(first !== undefined && second !== undefined);
    addAgain(first, 'b0', { weight: 0 });
    assert.deepEqual(await ask(2), ['b1', 'b1']);
    addAgain(second, 'b1', { weight: 0 });
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), /^HTTP\/1\.1 503 /);
    addAgain(first, 'b0', { weight: 5 });
    assert.deepEqual(await ask(2), ['b0', 'b0']);
    assert.deepEqual(test.kinds(), []);
  });
});

describe('slow start', () => {
  it('begins when a backend is added to a cluster at work', async () => {
    const [, second] = await start(2, { cluster: { slowStartMs: 60_000 } });
    assert.ok(second !== undefined);
    test.removeBackend('b1', second.address);
    await ask(1);
    addAgain(second, 'b1');
    const share = snapshot('b1').sharePercent;
    assert.ok(share > 9 && share < 12, String(share));
    const turns = await ask(8);
    assert.ok(turns.filter(id => id === 'b1').length <= 1, turns.join(' '));
  });

  it('begins when a backend is healthy again', async () => {
    const [first] = await start(2, { cluster: { slowStartMs: 60_000 } });
    assert.ok(first !== undefined);
    setHealth(first, 'b0', false);
    assert.deepEqual([...new Set(await ask(3))], ['b1']);
    setHealth(first, 'b0', true);
    const share = snapshot('b0').sharePercent;
    assert.ok(share > 9 && share < 12, String(share));
  });

  it('begins when a breaker closes', async () => {
    const breaker = { failureThreshold: 1, firstWaitMs: 10, longestWaitMs: 10 };
    const [first] = await start(2, { cluster: { slowStartMs: 60_000, breaker } });
    assert.ok(first !== undefined);
    const { port } = first;
    await first.close();
    await ask(2);
    assert.ok(test.kinds().includes('breaker-opened'));
    await new Promise<void>(resolve => first.server.listen(port, '127.0.0.1', resolve));
    await eventually('the breaker is closed', async () => {
      await ask(1);
      return test.kinds().includes('breaker-closed');
    });
    const share = snapshot('b0').sharePercent;
    assert.ok(share > 9 && share < 15, String(share));
  });
});

describe('when no backend is healthy', () => {
  it('requests are answered all the same, and it is told once', async () => {
    const backends = await start(2);
    for (const [index, backend] of backends.entries()) setHealth(backend, `b${index}`, false);
    assert.deepEqual((await ask(4)).sort(), ['b0', 'b0', 'b1', 'b1']);
    const told = test.events.filter(event => event.kind === 'fail-open-entered');
    assert.equal(told.length, 1);
    assert.match(told[0]?.cause ?? '', /^warning: /);
    setHealth(backends[0] as RawBackend, 'b0', true);
    assert.deepEqual(await ask(2), ['b0', 'b0']);
    assert.ok(test.kinds().includes('health-respected'));
    const regime = { clusterId: 'web', regime: 'normal', failOpenTotal: 4, panicTotal: 0 };
    assert.deepEqual(test.plane.snapshot().regimes, [regime]);
  });

  it('they are refused where the cluster does not fail open', async () => {
    const [only] = await start(1, { cluster: { failOpen: false } });
    assert.ok(only !== undefined);
    setHealth(only, 'b0', false);
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), /^HTTP\/1\.1 503 /);
  });
});

describe('peak EWMA', () => {
  it('learns from answers who is slow', async () => {
    const late = (answer: string) => (_head: string, peer: { send(text: string): void }) => {
      setTimeout(() => peer.send(answer), 120);
      return undefined;
    };
    const slow = await RawBackend.answering(late(answerOf('b0')));
    const fast = await RawBackend.answering(() => answerOf('b1'));
    test = await TestPlane.start({
      cluster: { loadBalancing: 'peak-ewma' },
      backends: [slow, fast],
    });
    await eventually('both have been measured', async () => {
      await ask(1);
      return slow.requests.length > 0 && fast.requests.length > 0;
    });
    const before = slow.requests.length;
    await ask(10);
    assert.ok(slow.requests.length - before <= 1, `${slow.requests.length - before} of 10`);
  });
});
