/** Drain, maintenance and removal under clients in every state they can be in, and the way back. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Backend } from '../../../proxy/command/requests.ts';
import { LimitAuthority } from '../../../proxy/limits/limit-authority.ts';
import type { LimitAsk } from '../../../proxy/limits/limit-messages.ts';
import { eventually } from '../../support/eventually.ts';
import { answerOf, type BackendPeer, RawBackend } from '../../support/raw-peer.ts';
import { SilentMachine } from '../../support/silent-machine.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

/** The ways to say that a backend gets no new request. */
const WAYS = ['drain', 'maint', 'removed'] as const;
type Way = (typeof WAYS)[number];

function set(backendId: string, { address }: { address: string }, way: Way | 'ready'): void {
  if (way === 'removed') test.removeBackend(backendId, address);
  else put(backendId, address, way === 'ready' ? {} : { admin: way });
}

function put(backendId: string, address: string, options: Partial<Backend>): void {
  const backend = { clusterId: 'web', backendId, address, ...options };
  test.apply({ kind: 'add-backend', backend });
}

function adminOf(backendId: string): string {
  const { backends } = test.plane.snapshot();
  return backends.find(each => each.backendId === backendId)?.admin ?? 'gone';
}

/** Answers `/hold` when `finish` is called, everything else at once, with its name. */
class Holding {
  readonly backend: RawBackend;
  private readonly name: string;
  private readonly held: BackendPeer[];

  private constructor(backend: RawBackend, name: string, held: BackendPeer[]) {
    this.backend = backend;
    this.name = name;
    this.held = held;
  }

  static async start(name: string): Promise<Holding> {
    const held: BackendPeer[] = [];
    const backend = await RawBackend.answering((head, peer) => {
      if (!head.includes('/hold')) return answerOf(name);
      held.push(peer);
      return undefined;
    });
    return new Holding(backend, name, held);
  }

  finish(): void {
    for (const peer of this.held.splice(0)) peer.send(answerOf(`held by ${this.name}`));
  }
}

/** `old` is b0, `fresh` is b1 and ready only after `old` was asked for the first time. */
async function startTwo(): Promise<{ old: Holding; fresh: Holding }> {
  const [old, fresh] = [await Holding.start('old'), await Holding.start('fresh')];
  test = await TestPlane.start({ backends: [old.backend, fresh.backend] });
  set('b1', fresh.backend, 'drain');
  return { old, fresh };
}

for (const way of WAYS) {
  describe(`a backend that is ${way === 'removed' ? way : `in ${way}`}`, () => {
    it('gets no later request of a client that is idle, and loses its idle connections', async () => {
      const { old, fresh } = await startTwo();
      const client = await test.client();
      client.send(get());
      await client.until('old');
      set('b1', fresh.backend, 'ready');
      set('b0', old.backend, way);
      await old.backend.abandoned();
      for (let i = 1; i <= 5; i++) {
        client.send(get());
        await client.until('fresh', i);
      }
      assert.equal(old.backend.requests.length, 1);
      assert.deepEqual(
        test.events.filter(event => event.kind === 'backend-drained').map(each => each.backendId),
        ['b1', 'b0'],
      );
    });

    it('finishes the request that it has, and gets none of those behind it', async () => {
      const { old, fresh } = await startTwo();
      const client = await test.client();
      client.send(get('/hold') + get('/second') + get('/third'));
      await old.backend.requested();
      set('b1', fresh.backend, 'ready');
      set('b0', old.backend, way);
      assert.equal(adminOf('b0'), way === 'removed' ? 'leaving' : way);
      assert.equal(test.events.filter(event => event.backendId === 'b0').length, 0);
      old.finish();
      await client.until('fresh', 2);
      assert.match(client.received, /held by old[\s\S]*fresh[\s\S]*fresh$/);
      assert.equal(old.backend.requests.length, 1);
      assert.equal(test.events.at(-1)?.kind, 'backend-drained');
      assert.equal(test.events.at(-1)?.backendId, 'b0');
      await old.backend.abandoned();
      assert.equal(adminOf('b0'), way === 'removed' ? 'gone' : way);
    });

    it('gets no request that waits for a connect to it', async () => {
      const machine = await SilentMachine.start('first');
      try {
        const fresh = await Holding.start('fresh');
        test = await TestPlane.start({ backends: [machine.address, fresh.backend] });
        set('b1', fresh.backend, 'drain');
        await machine.vanish();
        const client = await test.client();
        client.send(get());
        await eventually('a connect is under way', () => test.plane.upstreams.size === 1);
        put('b1', fresh.backend.address, {});
        set('b0', machine, way);
        await client.until('fresh');
        assert.doesNotMatch(client.received, /503/);
      } finally {
        await machine.stop();
      }
    });

    it('gets no request that waits for a limit', async () => {
      const asks: LimitAsk[] = [];
      const [old, fresh] = [await Holding.start('old'), await Holding.start('fresh')];
      test = await TestPlane.start({
        backends: [old.backend],
        cluster: { maxRequests: 10 },
        sharing: { workers: 2, ask: ask => asks.push(ask) },
      });
      const authority = new LimitAuthority(2, 0, (_, order) => test.plane.obey(order));
      const client = await test.client();
      client.send(get());
      await eventually('the limit is asked', () => asks.length > 0);
      set('b1', fresh.backend, 'ready');
      set('b0', old.backend, way);
      assert.equal(client.received, '');
      for (const ask of asks) authority.receive(0, ask, 0);
      await client.until('fresh');
      assert.equal(old.backend.requests.length, 0);
      await fresh.backend.close();
    });

    it('is not sent again what its stale connection lost', async () => {
      const { old, fresh } = await startTwo();
      const client = await test.client();
      client.send(get());
      await client.until('old');
      client.send(get('/hold'));
      await eventually('it has the second one', () => old.backend.requests.length === 2);
      set('b1', fresh.backend, 'ready');
      set('b0', old.backend, way);
      for (const peer of old.backend.peers) peer.socket.destroy();
      await fresh.backend.requested();
      fresh.finish();
      await client.until('held by fresh');
      assert.equal(old.backend.requests.length, 2);
    });

    it('serves no visitor who comes back', async () => {
      const { old, fresh } = await startTwo();
      const cluster = { id: 'web', loadBalancing: 'round-robin', answers: {} } as const;
      test.apply({ kind: 'add-cluster', cluster: { ...cluster, stickySession: true } });
      const client = await test.client();
      client.send(get());
      assert.match(await client.until('old'), /RELAISBALANCEID=b0;/);
      set('b1', fresh.backend, 'ready');
      put('b0', old.backend.address, { weight: 0 });
      client.send(get('/', 'Cookie: RELAISBALANCEID=b0\r\n'));
      await client.until('old', 2);
      set('b0', old.backend, way);
      client.send(get('/', 'Cookie: RELAISBALANCEID=b0\r\n'));
      assert.match(await client.until('fresh'), /RELAISBALANCEID=b1;/);
    });

    it('keeps a tunnel until it ends', async () => {
      const SWITCH =
        'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n';
      const old = await RawBackend.start(peer => {
        peer.send(peer.received.startsWith('GET ') ? SWITCH : peer.received);
        peer.received = '';
      });
      test = await TestPlane.start({ backends: [old] });
      const client = await test.client();
      client.send(get('/', 'Connection: Upgrade\r\nUpgrade: echo\r\n'));
      await client.until('\r\n\r\n');
      set('b0', old, way);
      client.send('still here');
      await client.until('still here');
      assert.deepEqual(test.kinds(), []);
      client.close();
      await eventually('it is drained', () => test.kinds().includes('backend-drained'));
      await old.close();
    });
  });
}

describe('nobody but a backend', () => {
  it('in drain is left: the answer says so', async () => {
    const { old, fresh } = await startTwo();
    set('b0', old.backend, 'maint');
    const client = await test.client();
    client.send(get('/', 'Accept: text/plain\r\n'));
    const answer = await client.until('in maintenance');
    assert.match(answer, /^HTTP\/1\.1 503 /);
    assert.match(
      answer,
      /b0 was not tried: it is in maintenance; b1 was not tried: it is in drain/,
    );
    assert.doesNotMatch(answer, /Retry-After/);
    assert.equal(old.backend.requests.length + fresh.backend.requests.length, 0);
    const { story } = test.plane.recall();
    assert.deepEqual(
      story?.skipped.map(each => each.reason),
      ['in-maintenance', 'in-drain'],
    );
  });
});

describe('a backend that is ready again', () => {
  it('gets requests at once, with a breaker that forgot what it saw', async () => {
    const old = await Holding.start('old');
    test = await TestPlane.start({ backends: [old.backend, '127.0.0.1:1'] });
    for (let i = 0; i < 6; i++) {
      assert.match(await test.ask(get('/', 'Connection: close\r\n')), /old$/);
    }
    const breaker = (): string | undefined =>
      test.plane.snapshot().backends.find(each => each.backendId === 'b1')?.breaker;
    assert.equal(breaker(), 'open');
    set('b1', { address: '127.0.0.1:1' }, 'maint');
    assert.equal(breaker(), 'open');
    set('b1', { address: '127.0.0.1:1' }, 'ready');
    assert.equal(breaker(), 'closed');
    const closed = test.events.find(event => event.kind === 'breaker-closed');
    assert.equal(closed?.cause, 'the backend is ready again');
  });

  it('keeps what it has in progress, and says nothing of a drain that did not end', async () => {
    const { old } = await startTwo();
    const before = test.events.length;
    const client = await test.client();
    client.send(get('/hold'));
    await old.backend.requested();
    set('b0', old.backend, 'drain');
    set('b0', old.backend, 'ready');
    old.finish();
    client.send(get());
    assert.match(await client.until('old', 2), /held by old/);
    assert.deepEqual(test.events.slice(before), []);
  });

  it('may have been removed meanwhile, and comes back as it is added', async () => {
    const { old } = await startTwo();
    const client = await test.client();
    client.send(get('/hold'));
    await old.backend.requested();
    set('b0', old.backend, 'removed');
    set('b0', old.backend, 'drain');
    assert.equal(adminOf('b0'), 'drain');
    old.finish();
    await client.until('held by old');
    assert.equal(adminOf('b0'), 'drain');
    set('b0', old.backend, 'ready');
    client.send(get());
    await client.until('old', 2);
  });
});

type Step =
  | { readonly do: 'set'; readonly backend: number; readonly way: Way | 'ready' }
  | { readonly do: 'ask'; readonly client: number };

describe('whatever is said in whatever order', () => {
  it('every request goes to a backend that is ready, and is 503 only when none is', async () => {
    const backends = await Promise.all(['b0', 'b1', 'b2'].map(name => Holding.start(name)));
    test = await TestPlane.start({ backends: backends.map(each => each.backend) });
    const clients = [await test.client(), await test.client()];
    const states: (Way | 'ready')[] = ['ready', 'ready', 'ready'];
    const setting = fc.record({
      do: fc.constant('set' as const),
      backend: fc.nat(2),
      way: fc.constantFrom(...WAYS, 'ready' as const),
    });
    const asking = fc.record({ do: fc.constant('ask' as const), client: fc.nat(1) });
    const steps = fc.array(fc.oneof(setting, asking) as fc.Arbitrary<Step>, { maxLength: 20 });
    const tell = ({ backend: index, way }: Extract<Step, { do: 'set' }>): void => {
      const again = way === 'removed' && states[index] === 'removed';
      if (!again) set(`b${index}`, (backends[index] ?? assert.fail()).backend, way);
      states[index] = way;
    };
    const ask = async (index: number): Promise<void> => {
      const client = clients[index] ?? assert.fail();
      client.received = '';
      client.send(get('/', 'Accept: text/plain\r\n'));
      await client.settled();
      const ready = backends.flatMap((_, i) => (states[i] === 'ready' ? [`b${i}`] : []));
      const by = client.received.startsWith('HTTP/1.1 503') ? '503' : client.received.slice(-2);
      assert.ok(ready.length === 0 ? by === '503' : ready.includes(by), `${by} of ${ready}`);
    };
    const run = async (all: readonly Step[]): Promise<void> => {
      for (const step of all) {
        if (step.do === 'set') tell(step);
        else await ask(step.client);
      }
    };
    await fc.assert(fc.asyncProperty(steps, run), { numRuns: 60 });
  });
});
