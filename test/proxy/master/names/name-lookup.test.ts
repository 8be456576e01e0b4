/** Addresses of names, from a name server of our own, the hosts file and the system. */
import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  LONGEST_TTL_MS,
  type LookUp,
  nameLookUp,
  SHORTEST_TTL_MS,
  SYSTEM_TTL_MS,
} from '../../../../proxy/master/names/name-lookup.ts';
import { DnsServer } from '../../../support/dns-server.ts';

let server: DnsServer;
let lookUp: LookUp;
/** Names that the system was asked for; it knows those that begin with `sys`. */
let asked: string[];
let hosts: string;
let hasIpv6: boolean;

beforeEach(async () => {
  server = await DnsServer.start();
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([server.address]);
  asked = [];
  hosts = '';
  hasIpv6 = true;
  lookUp = nameLookUp({
    resolver,
    system: async name => {
      asked.push(name);
      if (!name.startsWith('sys') && name !== 'localhost') throw new Error(`ENOTFOUND ${name}`);
      return ['127.0.0.9', '127.0.0.8', '127.0.0.9'];
    },
    hostsFile: async () => hosts,
    hasIpv6: () => hasIpv6,
  });
});

afterEach(() => server.close());

describe('nameLookUp', () => {
  it('finds all addresses of both families, with the shortest time they are good for', async () => {
    server.set('api.test', ['127.0.0.3', '127.0.0.2', '::1'], 20);
    assert.deepEqual(await lookUp('api.test'), {
      addresses: ['127.0.0.2', '127.0.0.3', '::1'],
      ttlMs: 20_000,
      partial: false,
    });
    assert.deepEqual(asked, []);
  });

  it('is content with one family', async () => {
    server.set('four.test', ['127.0.0.2']);
    server.set('six.test', ['::2']);
    assert.deepEqual((await lookUp('four.test')).addresses, ['127.0.0.2']);
    assert.deepEqual((await lookUp('six.test')).addresses, ['::2']);
  });

  it('leaves IPv6 out on a machine that has none, unless there is nothing else', async () => {
    hasIpv6 = false;
    server.set('both.test', ['127.0.0.2', '::2']);
    server.set('six.test', ['::2']);
    assert.deepEqual((await lookUp('both.test')).addresses, ['127.0.0.2']);
    assert.deepEqual((await lookUp('six.test')).addresses, ['::2']);
  });

  it('neither asks all the time nor believes an answer for hours', async () => {
    server.set('short.test', ['127.0.0.2'], 0);
    server.set('long.test', ['127.0.0.2'], 86_400);
    assert.equal((await lookUp('short.test')).ttlMs, SHORTEST_TTL_MS);
    assert.equal((await lookUp('long.test')).ttlMs, LONGEST_TTL_MS);
  });

  it('asks the system for what name servers do not know', async () => {
    assert.deepEqual(await lookUp('sys.test'), {
      addresses: ['127.0.0.8', '127.0.0.9'],
      ttlMs: SYSTEM_TTL_MS,
      partial: false,
    });
    await assert.rejects(lookUp('nobody.test'), /ENOTFOUND/);
  });

  it('fails when name servers are broken or silent, and the system knows nothing', async () => {
    server.set('broken.test', 'broken');
    server.set('silent.test', 'silent');
    await assert.rejects(lookUp('broken.test'), /ENOTFOUND/);
    await assert.rejects(lookUp('silent.test'), /ENOTFOUND/);
  });

  it('lets the hosts file win, and never asks a name server for localhost', async () => {
    server.set('sys.example.test', ['127.0.0.2']);
    hosts = '# 127.0.0.1 commented.test\n127.0.0.9\tother SYS.example.test # ours\n';
    assert.deepEqual((await lookUp('sys.example.test')).addresses, ['127.0.0.8', '127.0.0.9']);
    assert.deepEqual((await lookUp('localhost')).addresses, ['127.0.0.8', '127.0.0.9']);
    assert.deepEqual(server.questions, []);
    server.set('commented.test', ['127.0.0.2']);
    assert.deepEqual((await lookUp('commented.test')).addresses, ['127.0.0.2']);
  });
});
