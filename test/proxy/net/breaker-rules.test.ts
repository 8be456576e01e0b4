/** What else than connects may open a breaker, and who decides about the trial then. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { BreakerOptions } from '../../../proxy/command/requests.ts';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

const CLOSE = 'Connection: close\r\n';
const FAILED = 'HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\noh';
const RATIO: BreakerOptions = {
  errorPercent: 50,
  errorMinRequests: 4,
  errorWindowMs: 10_000,
  firstWaitMs: 60,
};

let test: TestPlane;
afterEach(() => test.stop());

function breaker(index = 0): string {
  return test.plane.snapshot().backends[index]?.breaker ?? '';
}

function causes(kind: string): (string | undefined)[] {
  return test.events.filter(event => event.kind === kind).map(event => event.cause);
}

/** One that the test can break and mend. */
async function mendable(
  name: string,
): Promise<{ backend: RawBackend; fails: (broken: boolean) => void }> {
  let broken = true;
  const backend = await RawBackend.answering(() => (broken ? FAILED : answerOf(name)));
  return { backend, fails: value => (broken = value) };
}

/** Resolves when the wait of the first backend is over, also on the data plane's coarse clock. */
async function waited(): Promise<void> {
  let since = 0;
  await eventually('the wait is over', () => {
    if (test.plane.snapshot().backends[0]?.retryInMs !== 0) return false;
    since ||= performance.now();
    return performance.now() - since > 120;
  });
}

describe('the share of 5xx answers', () => {
  it('opens the breaker when it is too high among enough answers, and says so', async () => {
    const { backend } = await mendable('one');
    const other = await RawBackend.answering(() => answerOf('other'));
    test = await TestPlane.start({
      backends: [backend, other],
      cluster: { breaker: { ...RATIO, firstWaitMs: 60_000 } },
    });
    for (let i = 0; i < 8; i++) await test.ask(get('/', CLOSE));
    assert.equal(breaker(), 'open');
    assert.deepEqual(causes('breaker-opened'), ['4 of the 4 answers of the last 10 s were 5xx']);
    for (let i = 0; i < 4; i++) assert.match(await test.ask(get('/', CLOSE)), /other$/);
    assert.equal(backend.requests.length, 4);
  });

  it('does not count below the least number of answers, nor when it is off', async () => {
    const { backend } = await mendable('one');
    test = await TestPlane.start({ backends: [backend], cluster: { breaker: RATIO } });
    for (let i = 0; i < 3; i++) await test.ask(get('/', CLOSE));
    assert.equal(breaker(), 'closed');
    test.apply({
      kind: 'add-cluster',
      cluster: { id: 'web', loadBalancing: 'round-robin', answers: {} },
    });
    for (let i = 0; i < 10; i++) await test.ask(get('/', CLOSE));
    assert.equal(breaker(), 'closed');
  });

  it('leaves the answer of the trial to decide: another 5xx opens it for longer', async () => {
    const { backend, fails } = await mendable('one');
    test = await TestPlane.start({ backends: [backend], cluster: { breaker: RATIO } });
    for (let i = 0; i < 4; i++) await test.ask(get('/', CLOSE));
    await waited();
    assert.match(await test.ask(get('/', CLOSE)), / 500 /);
    assert.equal(breaker(), 'open');
    assert.deepEqual(causes('breaker-opened').slice(1), ['the trial was answered with 500']);
    await waited();
    fails(false);
    assert.match(await test.ask(get('/', CLOSE)), /one$/);
    assert.equal(breaker(), 'closed');
    assert.deepEqual(causes('breaker-closed'), ['the trial was answered']);
  });
});

describe('the news of another worker', () => {
  const identity = { clusterId: 'web', backendId: 'b0' };

  it('opens the breaker here too, and closes what only news has opened', async () => {
    const backend = await RawBackend.answering(() => answerOf('one'));
    test = await TestPlane.start({ backends: [backend] });
    const { address } = backend;
    const tell = (state: 'open' | 'closed'): void =>
      test.plane.hearBreaker({ ...identity, address, state, cause: `worker 2: ${state}` });
    tell('closed');
    assert.deepEqual(test.events, []);
    tell('open');
    assert.equal(breaker(), 'open');
    assert.match(await test.ask(get('/', CLOSE)), / 503 /);
    tell('open');
    assert.deepEqual(causes('breaker-opened'), ['worker 2: open']);
    tell('closed');
    assert.deepEqual(causes('breaker-closed'), ['worker 2: closed']);
    assert.match(await test.ask(get('/', CLOSE)), /one$/);
  });

  it('does not close what failed here as well', async () => {
    const backend = await RawBackend.answering(() => undefined);
    const { address } = backend;
    await backend.close();
    test = await TestPlane.start({
      backends: [address],
      cluster: { breaker: { failureThreshold: 1, firstWaitMs: 60_000 } },
    });
    await test.ask(get('/', CLOSE));
    assert.equal(breaker(), 'open');
    test.plane.hearBreaker({ ...identity, address, state: 'closed', cause: 'worker 2: closed' });
    assert.equal(breaker(), 'open');
  });
});

describe('the trial', () => {
  it('is one request; others do not wait for it', async () => {
    let answer: (() => void) | undefined;
    let requests = 0;
    const slow = await RawBackend.answering((_, peer) => {
      if (++requests <= 4) return FAILED;
      answer = () => peer.send(answerOf('slow'));
      return undefined;
    });
    const other = await RawBackend.answering(() => answerOf('other'));
    test = await TestPlane.start({ backends: [slow, other], cluster: { breaker: RATIO } });
    for (let i = 0; i < 8; i++) await test.ask(get('/', CLOSE));
    assert.equal(breaker(), 'open');
    await waited();
    const clients = await Promise.all(Array.from({ length: 6 }, () => test.client()));
    for (const client of clients) client.send(get('/', CLOSE));
    await eventually(
      'all but the trial are answered',
      () => clients.filter(client => client.received.endsWith('other')).length === 5,
    );
    assert.equal(breaker(), 'half-open');
    assert.equal(slow.requests.length, 5);
    answer?.();
    await eventually('the trial succeeded', () => breaker() === 'closed');
    await eventually('and was relayed', () =>
      clients.some(client => client.received.endsWith('slow')),
    );
  });

  it('goes to the next request when its client leaves', async () => {
    let requests = 0;
    const backend = await RawBackend.answering(() => {
      requests++;
      if (requests <= 4) return FAILED;
      return requests === 5 ? undefined : answerOf('well');
    });
    test = await TestPlane.start({ backends: [backend], cluster: { breaker: RATIO } });
    for (let i = 0; i < 4; i++) await test.ask(get('/', CLOSE));
    await waited();
    const client = await test.client();
    client.send(get());
    await test.reached('b0', 5);
    assert.equal(breaker(), 'half-open');
    assert.match(await test.ask(get('/', CLOSE)), / 503 /);
    client.close();
    await eventually('it is over', () => breaker() === 'open');
    assert.equal(test.plane.snapshot().backends[0]?.retryInMs, 0);
    await waited();
    assert.match(await test.ask(get('/', CLOSE)), /well$/);
    assert.equal(breaker(), 'closed');
  });
});

describe('answers that do not begin in time', () => {
  const options: BreakerOptions = { countTimeouts: true, failureThreshold: 2, firstWaitMs: 60_000 };

  it('open the breaker, and idempotent requests are answered by another backend', async () => {
    const frozen = await RawBackend.answering(() => undefined);
    const other = await RawBackend.answering(() => answerOf('other'));
    test = await TestPlane.start({
      backends: [frozen, other],
      cluster: { breaker: options },
      listener: { backTimeoutMs: 150 },
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => test.ask(get('/', CLOSE))));
    for (const answer of answers) assert.match(answer, /other$/);
    assert.equal(breaker(), 'open');
    assert.deepEqual(causes('breaker-opened'), ['2 in a row did not answer within 150 ms']);
    const before = frozen.requests.length;
    for (let i = 0; i < 4; i++) assert.match(await test.ask(get('/', CLOSE)), /other$/);
    assert.equal(frozen.requests.length, before);
  });

  it('leave a POST with its own failure, sent once', async () => {
    const frozen = await RawBackend.answering(() => undefined);
    const other = await RawBackend.answering(() => answerOf('other'));
    test = await TestPlane.start({
      backends: [frozen, other],
      cluster: { breaker: options },
      listener: { backTimeoutMs: 150 },
    });
    const post = `POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 0\r\n${CLOSE}\r\n`;
    assert.match(await test.ask(post), /^HTTP\/1.1 504 /);
    assert.equal(frozen.requests.length + other.requests.length, 1);
  });

  it('cost a GET another backend once, and do not count without the option', async () => {
    const frozen = await RawBackend.answering(() => undefined);
    const other = await RawBackend.answering(() => answerOf('other'));
    test = await TestPlane.start({
      backends: [frozen, other],
      listener: { backTimeoutMs: 150 },
    });
    assert.match(await test.ask(get('/', CLOSE)), /other$/);
    assert.equal(frozen.requests.length, 1);
    assert.equal(breaker(), 'closed');
  });

  it('are the failure of a GET that nobody answers, and only the second time', async () => {
    const backends = await Promise.all([0, 1, 2].map(() => RawBackend.answering(() => undefined)));
    test = await TestPlane.start({ backends, listener: { backTimeoutMs: 150 } });
    assert.match(await test.ask(get('/', CLOSE)), /^HTTP\/1.1 504 /);
    const asked = backends.reduce((sum, backend) => sum + backend.requests.length, 0);
    assert.equal(asked, 2);
  });

  it('do not count without the option', async () => {
    const frozen = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [frozen], listener: { backTimeoutMs: 100 } });
    for (let i = 0; i < 4; i++) assert.match(await test.ask(get('/', CLOSE)), / 504 /);
    assert.equal(breaker(), 'closed');
  });
});
