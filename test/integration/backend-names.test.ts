/** A name server changes its mind, and real requests go where it says. */
import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { StateRequest } from '../../proxy/command/requests.ts';
import { nameLookUp } from '../../proxy/master/names/name-lookup.ts';
import { NamedBackends } from '../../proxy/master/names/named-backends.ts';
import { DnsServer } from '../support/dns-server.ts';
import { eventually } from '../support/eventually.ts';
import { ManualSchedule } from '../support/manual-schedule.ts';
import { get, TestPlane } from '../support/start-data-plane.ts';

/** A machine that answers with its address. */
async function listen(test: TestContext, host: string, port: number): Promise<number> {
  const server = http.createServer((_request, response) => response.end(host));
  server.listen(port, host);
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('a name with changing addresses', {
  skip: process.platform !== 'linux' && 'only Linux has all of 127.0.0.0/8 on the loopback',
}, () => {
  it('gets requests at every address, drains those that go, and survives its name server', async test => {
    const port = await listen(test, '127.0.0.1', 0);
    await listen(test, '127.0.0.2', port);
    const dns = await DnsServer.start();
    const resolver = new Resolver({ timeout: 200, tries: 1 });
    resolver.setServers([dns.address]);
    const plane = await TestPlane.start({});
    test.after(() => plane.stop());
    const time = new ManualSchedule();
    const apply = (requests: readonly StateRequest[]): void => {
      for (const request of requests) plane.apply(request);
    };
    const names = new NamedBackends({
      lookUp: nameLookUp({
        resolver,
        system: async name => Promise.reject(new Error(`nobody knows ${name}`)),
        hostsFile: async () => '',
        hasIpv6: () => true,
      }),
      send: async requests => apply(requests),
      emit: event => plane.events.push(event),
      schedule: time.schedule,
    });
    const backend = { clusterId: 'web', backendId: 'api', address: `api.test:${port}` };
    const added = [{ kind: 'add-backend', backend }] as const;
    const visit = async (): Promise<string[]> => {
      const answers: string[] = [];
      for (let i = 0; i < 4; i++) {
        answers.push((await plane.ask(get('/', 'Connection: close\r\n'))).slice(-9));
      }
      return [...new Set(answers)].sort();
    };
    const lookAgain = async (expected: string): Promise<void> => {
      const before = plane.events.length;
      await time.run();
      await eventually(expected, () =>
        plane.events.slice(before).some(event => event.kind === expected),
      );
    };

    dns.set('api.test', ['127.0.0.1']);
    apply(names.expand(added));
    assert.equal(await names.lookedUp(added), '');
    assert.deepEqual(await visit(), ['127.0.0.1']);

    dns.set('api.test', ['127.0.0.1', '127.0.0.2']);
    await lookAgain('name-resolved');
    assert.deepEqual(await visit(), ['127.0.0.1', '127.0.0.2']);

    dns.set('api.test', ['127.0.0.2']);
    await lookAgain('backend-drained');
    assert.deepEqual(await visit(), ['127.0.0.2']);

    await dns.close();
    await lookAgain('name-failed');
    assert.deepEqual(await visit(), ['127.0.0.2']);
    names.stop();
  });
});
