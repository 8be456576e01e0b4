/** Services that call each other: one request id and one trace through all of their logs. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type HelloEarth, startHelloEarth } from '../support/hello-earth.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const FIELDS = {
  accept: 'application/json',
  'x-request-id': 'alice-7',
  traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
  'x-forwarded-for': '192.168.56.1',
  'user-agent': 'jndi:ldap://evil "quoted"',
};

interface Line {
  readonly target: string;
  readonly status: number | null;
  readonly machine: string;
  readonly request_id: string | null;
  readonly traceparent: string | null;
  readonly client: string;
  readonly user_agent: string | null;
}

async function lines(app: HelloEarth, count: number): Promise<readonly Line[]> {
  return eventually(`${count} lines`, () => {
    const found = app
      .output()
      .split('\n')
      .filter(line => line.startsWith('{'));
    return found.length >= count ? found.map(line => JSON.parse(line) as Line) : undefined;
  });
}

describe('/chain', () => {
  it('passes request id and trace on, with a span of each service', async test => {
    const last = await startHelloEarth({ MACHINE: 'api', SITE: 'api', ACCESS_LOG: '1' });
    test.after(last.stop);
    const UPSTREAM = `${last.url}/chain?from=webapp1`;
    const first = await startHelloEarth({ MACHINE: 'webapp1', UPSTREAM, ACCESS_LOG: '1' });
    test.after(first.stop);
    const response = await fetch(`${first.url}/chain`, { headers: FIELDS });
    assert.equal(response.status, 200);
    const link = (await response.json()) as Record<string, unknown>;
    assert.deepEqual([link['machine'], link['requestId']], ['webapp1', 'alice-7']);
    const { status, body } = link['upstream'] as { status: number; body: typeof link };
    assert.deepEqual([status, body['machine'], body['requestId']], [200, 'api', 'alice-7']);
    assert.deepEqual([link['traceId'], body['traceId']], [TRACE, TRACE]);
    assert.notEqual(link['spanId'], body['spanId']);

    const [outer] = await lines(first, 1);
    const [inner] = await lines(last, 1);
    assert.deepEqual([outer?.request_id, inner?.request_id], ['alice-7', 'alice-7']);
    assert.equal(outer?.traceparent, FIELDS.traceparent);
    assert.equal(inner?.traceparent, `00-${TRACE}-${link['spanId']}-01`);
    assert.deepEqual([outer.client, outer.user_agent], ['192.168.56.1', FIELDS['user-agent']]);
    assert.deepEqual([inner.target, inner.machine], ['/chain?from=webapp1', 'api']);
  });

  it('shows the services as a page', async test => {
    const last = await startHelloEarth({ MACHINE: 'api' });
    test.after(last.stop);
    const first = await startHelloEarth({ MACHINE: 'webapp1', UPSTREAM: `${last.url}/chain` });
    test.after(first.stop);
    const page = await (await fetch(`${first.url}/chain?lang=fr`)).text();
    assert.match(page, /Une chaîne de services/);
    assert.match(page, /<li>webapp1<\/li><li>api<\/li>/);
  });

  it('is 502 when the upstream fails or is not there', async test => {
    const broken = await startHelloEarth({ VERSION: 'v3' });
    test.after(broken.stop);
    const app = await startHelloEarth({ UPSTREAM: `${broken.url}/chain` });
    test.after(app.stop);
    const failing = await fetch(`${app.url}/chain`, { headers: FIELDS });
    assert.equal(failing.status, 502);
    assert.equal(((await failing.json()) as { upstream: Line }).upstream.status, 500);
    await broken.stop();
    const gone = await fetch(`${app.url}/chain`, { headers: FIELDS });
    assert.equal(gone.status, 502);
    assert.match(
      ((await gone.json()) as { error: string }).error,
      /does not answer: .*ECONNREFUSED/,
    );
  });

  it('gives up what nobody waits for any more', async test => {
    let isAsked = false;
    let left = false;
    const silent = createServer((_request, response) => {
      isAsked = true;
      response.once('close', () => {
        left = true;
      });
    });
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    test.after(() => silent.close());
    const UPSTREAM = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const app = await startHelloEarth({ UPSTREAM, ACCESS_LOG: '1' });
    test.after(app.stop);
    const visitor = new AbortController();
    const asked = fetch(`${app.url}/chain`, { signal: visitor.signal });
    await eventually('the upstream is asked', () => isAsked);
    visitor.abort();
    await assert.rejects(asked);
    await eventually('the upstream is left', () => left);
    assert.equal((await lines(app, 1))[0]?.status, null);
  });
});

describe('the access log', () => {
  it('has the pages and their problems, not the probes and the knobs', async test => {
    const app = await startHelloEarth({ ACCESS_LOG: '1' });
    test.after(app.stop);
    for (const path of ['/status', '/knobs', '/?a=b', '/moon']) {
      await (await fetch(app.url + path)).text();
    }
    const seen = (await lines(app, 2)).map(({ target, status }) => [target, status]);
    assert.deepEqual(seen, [
      ['/?a=b', 200],
      ['/moon', 404],
    ]);
  });

  it('is not kept unless it is asked for', async test => {
    const app = await startHelloEarth();
    test.after(app.stop);
    await (await fetch(app.url)).text();
    await app.stop();
    assert.doesNotMatch(app.output(), /^\{/m);
  });
});
