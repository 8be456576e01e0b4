/** All backends down, some of them flapping: quick failures, few attempts, quick recovery. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

const CLOSE = 'Connection: close\r\n';

let test: TestPlane;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  await test.stop();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A backend whose process ends and begins again on the same port. */
async function restartable(name: string): Promise<{
  readonly address: string;
  down(): Promise<void>;
  up(): Promise<void>;
}> {
  const backend = await RawBackend.answering(() => answerOf(name));
  const { port, address } = backend;
  let isUp = true;
  const down = async (): Promise<void> => {
    if (isUp) await backend.close();
    isUp = false;
  };
  cleanups.push(down);
  return {
    address,
    down,
    async up() {
      await new Promise<void>(resolve => backend.server.listen(port, '127.0.0.1', resolve));
      isUp = true;
    },
  };
}

function connectFailures(): number {
  return test.events.filter(event => event.kind === 'connect-failed').length;
}

describe('when all backends are down', () => {
  it('503 at once with Retry-After, few attempts, and service again within one wait', async () => {
    const [one, two] = [await restartable('one'), await restartable('two')];
    await one.down();
    await two.down();
    test = await TestPlane.start({
      backends: [one.address, two.address],
      cluster: { breaker: { firstWaitMs: 400, longestWaitMs: 400 } },
    });
    const tookMs: number[] = [];
    for (let i = 0; i < 40; i++) {
      const start = performance.now();
      const answer = await test.ask(get('/', CLOSE));
      tookMs.push(performance.now() - start);
      assert.match(answer, /^HTTP\/1.1 503 /);
      assert.match(answer, /\r\nRetry-After: 1\r\n/);
    }
    // A busy computer may hold up a few of them; a proxy that waits for a breaker holds up most.
    const median = tookMs.sort((a, b) => a - b)[tookMs.length / 2] ?? 0;
    assert.ok(median < 300, `the median 503 took ${median} ms`);
    assert.ok(connectFailures() <= 2 * 40, `${connectFailures()} attempts for 40 requests`);
    assert.deepEqual(
      test.plane.snapshot().backends.map(backend => backend.breaker),
      ['open', 'open'],
    );
    assert.equal(test.kinds().filter(kind => kind === 'no-available-backend').length, 1);

    await one.up();
    await two.up();
    const since = performance.now();
    await eventually('service again', async () =>
      /(?:one|two)$/.test(await test.ask(get('/', CLOSE))),
    );
    const late = 600 + 4 * (tookMs.at(-1) ?? 0);
    assert.ok(performance.now() - since < 400 * 1.1 + late, 'one wait, and what a test is late');
    await eventually('both are back', async () => {
      await test.ask(get('/', CLOSE));
      return test.plane.snapshot().backends.every(backend => backend.breaker === 'closed');
    });
    assert.equal(test.kinds().filter(kind => kind === 'cluster-recovered').length, 1);
  });
});

describe('a backend that goes and comes every 100 ms', () => {
  it('costs nobody an error while another one is there', async () => {
    const flapping = await restartable('flapping');
    const steady = await RawBackend.answering(() => answerOf('steady'));
    cleanups.push(() => steady.close());
    test = await TestPlane.start({
      backends: [flapping.address, steady.address],
      cluster: { breaker: { firstWaitMs: 50, longestWaitMs: 100 } },
    });
    let isOver = false;
    let requests = 0;
    const flaps = (async () => {
      for (let i = 0; i < 8 || requests <= 100; i++) {
        await passed(100);
        await (i % 2 === 0 ? flapping.down() : flapping.up());
      }
      isOver = true;
    })();
    const failed: string[] = [];
    const visitors = Array.from({ length: 8 }, async (_, visitor) => {
      const keeps = visitor % 2 === 0;
      const client = await test.client();
      while (!isOver) {
        requests++;
        const answer = keeps ? await kept(client) : await test.ask(get('/', CLOSE));
        if (!/^HTTP\/1.1 200 /.test(answer)) failed.push(answer);
      }
    });
    await Promise.all([flaps, ...visitors]);
    assert.deepEqual(failed.slice(0, 2), [], `${failed.length} of ${requests} failed`);
    assert.ok(connectFailures() <= 2 * requests);
  });
});

async function kept(client: Awaited<ReturnType<TestPlane['client']>>): Promise<string> {
  client.received = '';
  client.send(get());
  await client.settled();
  return client.received;
}

async function passed(ms: number): Promise<void> {
  const start = performance.now();
  await eventually('time passes', () => performance.now() - start >= ms);
}
