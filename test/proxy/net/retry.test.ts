/** Requests that another backend may answer better, and how often that is tried. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

const CLOSE = 'Connection: close\r\n';
const POST = `POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 0\r\n${CLOSE}\r\n`;

let test: TestPlane;
afterEach(() => test.stop());

function failing(status: number, body = `s${status}`): Promise<RawBackend> {
  return RawBackend.answering(
    () => `HTTP/1.1 ${status} Oh\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

function served(body: string): Promise<RawBackend> {
  return RawBackend.answering(() => answerOf(body));
}

/** Takes requests and closes without an answer. */
function hangingUp(): Promise<RawBackend> {
  return RawBackend.answering((_, peer) => {
    peer.socket.end();
    return undefined;
  });
}

describe('an idempotent request that was answered 502, 503 or 504', () => {
  for (const status of [502, 503, 504]) {
    it(`${status}: goes to another backend`, async () => {
      const bad = await failing(status);
      test = await TestPlane.start({
        backends: [bad, await served('good')],
        cluster: { retry: { onError: true } },
      });
      for (let i = 0; i < 4; i++) assert.match(await test.ask(get('/', CLOSE)), /good$/);
      assert.equal(bad.requests.length, 2);
      assert.deepEqual(test.plane.snapshot().retries, [
        { clusterId: 'web', retriesTotal: 2, retriesRefusedTotal: 0 },
      ]);
    });
  }

  it('stays with it when that is not asked for, for other statuses, and for a POST', async () => {
    const bad = await failing(503);
    test = await TestPlane.start({ backends: [bad, await served('good')] });
    assert.match(await test.ask(get('/', CLOSE)), /s503$/);
    test.apply({
      kind: 'add-cluster',
      cluster: { id: 'web', loadBalancing: 'round-robin', answers: {}, retry: { onError: true } },
    });
    assert.match(await test.ask(get('/', CLOSE)), /good$/);
    assert.match(await test.ask(POST), /s503$/);
    const five = await failing(500);
    test.removeBackend('b0', bad.address);
    test.addBackend('five', five.address);
    const answers = [await test.ask(get('/', CLOSE)), await test.ask(get('/', CLOSE))];
    assert.ok(answers.some(answer => answer.endsWith('s500')));
    await bad.close();
    await five.close();
  });

  it('gets the last of these answers when nobody does better, whole', async () => {
    const long = 'x'.repeat(300_000);
    test = await TestPlane.start({
      backends: [await failing(502, 'first'), await failing(503, long)],
      cluster: { retry: { onError: true } },
    });
    const answer = await test.ask(get('/', CLOSE));
    assert.match(answer, /^HTTP\/1.1 503 /);
    assert.ok(answer.endsWith(long));
    assert.equal(answer.split('\r\n\r\n')[1]?.length, long.length);
  });

  it('gets the kept answer when the others do not answer at all', async () => {
    const bad = await failing(503);
    test = await TestPlane.start({
      backends: [bad, await hangingUp()],
      cluster: { retry: { onError: true } },
    });
    assert.match(await test.ask(get('/', CLOSE)), /^HTTP\/1.1 503 .*s503$/s);
    const client = await test.client();
    client.send(get());
    await client.until('s503');
    client.send(get());
    await client.until('s503', 2);
  });

  it('gets a kept answer that ends with its connection', async () => {
    const bad = await RawBackend.answering((_, peer) => {
      peer.send('HTTP/1.0 503 Oh\r\n\r\nuntil the end');
      peer.socket.end();
      return undefined;
    });
    test = await TestPlane.start({
      backends: [bad, await hangingUp()],
      cluster: { retry: { onError: true } },
    });
    assert.match(await test.ask(get('/', CLOSE)), /^HTTP\/1.1 503 .*until the end/s);
  });

  it('leaves nothing behind when its client goes away meanwhile', async () => {
    const mute = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({
      backends: [await failing(503), mute],
      cluster: { retry: { onError: true } },
    });
    const client = await test.client();
    client.send(get());
    await mute.requested();
    client.close();
    await mute.abandoned();
  });
});

describe('the retry budget', () => {
  it('ends retries, the request fails as it would without, and it is told once', async () => {
    const bad = await failing(503);
    test = await TestPlane.start({
      backends: [bad, await served('good')],
      cluster: { retry: { onError: true, budgetPercent: 50, budgetMinPerSecond: 0 } },
    });
    const answers: string[] = [];
    for (let i = 0; i < 12; i++) answers.push(await test.ask(get('/', CLOSE)));
    const failed = answers.filter(answer => answer.endsWith('s503')).length;
    assert.ok(failed > 0 && failed < 6, `${failed} of 12 failed`);
    const [retries] = test.plane.snapshot().retries;
    assert.equal(retries?.retriesRefusedTotal, failed);
    assert.equal(test.kinds().filter(kind => kind === 'retry-budget-exhausted').length, 1);
  });

  it('also bounds requests whose connection was closed without an answer', async () => {
    const cruel = await hangingUp();
    test = await TestPlane.start({
      backends: [cruel, await served('good')],
      cluster: { retry: { budgetPercent: 1, budgetMinPerSecond: 0 } },
    });
    assert.match(await test.ask(get('/', CLOSE)), /^HTTP\/1.1 502 /);
    assert.equal(cruel.requests.length, 1);
  });

  it('is not for connects: they put no load on anybody', async () => {
    const gone = await served('gone');
    await gone.close();
    test = await TestPlane.start({
      backends: [gone.address, await served('good')],
      cluster: { retry: { budgetPercent: 1, budgetMinPerSecond: 0 } },
    });
    for (let i = 0; i < 4; i++) assert.match(await test.ask(get('/', CLOSE)), /good$/);
    assert.deepEqual(test.plane.snapshot().retries, []);
  });
});

describe('idle connections', () => {
  it('are closed before their backend does it', async () => {
    const backend = await served('ok');
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get());
    await client.until('ok');
    assert.equal(backend.openConnections, 1);
    await eventually('it is closed', () => backend.openConnections === 0);
    client.send(get());
    await client.until('ok', 2);
  });
});
