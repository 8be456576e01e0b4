/** What only real networks do: nothing gets out, and swallowed packets are swallowed everywhere. */
import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { netns } from '../../../vms/netns/provider.ts';
import { eventually } from '../../support/eventually.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { openTestRoom, type TestRoom } from '../../support/machines.ts';

const state = await netns.probe();

const skip = state.ready ? false : state.reason;

/** Mostly waiting for clients to give up, so all at once: who harms a machine has one of its own. */
describe('netns network', { skip, concurrency: 8 }, () => {
  let lab: TestRoom;
  before(async () => {
    lab = await openTestRoom(netns);
    await lab.room.up(lab.spec('webapp1', 21));
    await lab.room.up(lab.spec('webapp2', 22));
  });
  after(() => lab.end());

  it('leads nowhere but to the lab', async () => {
    for (const run of [lab.room.execHub, (argv: string[]) => lab.room.exec('webapp1', argv)]) {
      const ip = (...argv: string[]) => run.call(lab.room, ['ip', ...argv]);
      const routes = (await ip('-4', 'route')).stdout.trim().split('\n');
      assert.equal(routes.length, 1, routes.join('\n'));
      assert.match(routes[0] ?? '', new RegExp(`^${lab.subnet}\\.0/24 `));
      assert.match((await ip('route', 'get', '192.0.2.1')).stderr, /unreachable/);
      assert.doesNotMatch((await ip('-6', 'route')).stdout, /^default/m);
    }
  });

  it('lets machines reach each other and the hub, in their own namespaces', async () => {
    const ask = `fetch('http://${lab.subnet}.22:8080/').then(a => a.text()).then(console.log)`;
    const { stdout } = await lab.room.exec('webapp1', [process.execPath, '-e', ask]);
    assert.match(stdout, /^webapp2 v1/);
    const ns = ['readlink', '/proc/self/ns/net'];
    const seen = [
      (await lab.room.execHub(ns)).stdout,
      (await lab.room.exec('webapp1', ns)).stdout,
      (await lab.room.exec('webapp2', ns)).stdout,
    ];
    assert.equal(new Set(seen).size, 3, seen.join(''));
  });

  it('swallows even the first packets to a machine that nobody has talked to', async () => {
    const machine = await lab.room.up(lab.spec('webapp3', 23));
    await lab.room.fail('webapp3', 'blackhole');
    const seen = await lab.visit(machine, 6_000);
    assert.deepEqual([seen.outcome, seen.connected], ['silent', false]);
    await lab.room.heal('webapp3');
  });

  it('swallows what is sent on open connections', async () => {
    const machine = await lab.room.up(lab.spec('webapp4', 24));
    await lab.room.fail('webapp4', 'slow', { delayMs: 8_000 });
    const visit = lab.visit(machine, 15_000);
    await eventually('the client is connected', async () => {
      const { stdout } = await lab.room.exec('webapp4', ['cat', '/proc/net/tcp']);
      return / 01 /.test(stdout);
    });
    await lab.room.fail('webapp4', 'blackhole');
    const seen = await visit;
    assert.deepEqual([seen.outcome, seen.connected], ['silent', true]);
    const healed = await lab.room.heal('webapp4');
    assert.equal((await lab.visit(healed)).outcome, '200');
  });

  it('swallows on while the app under it dies and comes back', async () => {
    const machine = await lab.room.up(lab.spec('webapp5', 25));
    await lab.room.fail('webapp5', 'blackhole');
    await lab.room.fail('webapp5', 'crash');
    const again = await lab.room.up(lab.spec('webapp5', 25));
    assert.deepEqual(again.failures, ['blackhole']);
    assert.equal((await lab.visit(machine, 1_500)).outcome, 'silent');
    await lab.room.fail('webapp5', 'power-off');
    assert.equal((await lab.visit(machine, 15_000)).outcome, 'EHOSTUNREACH');
    assert.deepEqual((await lab.room.heal('webapp5')).failures, []);
    assert.equal((await lab.visit(machine)).outcome, '200');
  });

  it('gives each machine its host name', async () => {
    const { stdout } = await lab.room.exec('webapp1', ['hostname']);
    assert.equal(stdout, 'webapp1\n');
    assert.notEqual(os.hostname(), 'webapp1');
  });

  it('mends what a killed run left half done', async () => {
    const spec = lab.spec('webapp6', 26);
    await lab.room.up(spec);
    await lab.room.execHub(['ip', 'link', 'del', 'p26']); // killed in a power-off
    await lab.room.halt('webapp6');
    assert.equal((await lab.visit(await lab.room.up(spec))).outcome, '200');
    await rm(path.join(lab.folder, 'machines', 'webapp6.json')); // killed in an up
    const { pid } = await lab.room.up(spec);
    const { stdout } = await lab.room.execHub(['sh', '-c', 'ip -o link | grep -c p26@']);
    assert.equal(stdout, '1\n');
    assert.ok(pid);
    const network = readlinkSync(`/proc/${pid}/ns/net`);
    const { stdout: inside } = await lab.room.exec('webapp6', ['readlink', '/proc/self/ns/net']);
    assert.equal(inside.trim(), network);
  });

  it('refuses addresses that are taken or not on the network', async () => {
    const taken = rejectsWith('VM_COMMAND_FAILED', /webapp9 cannot have .*address of webapp1/);
    await assert.rejects(lab.room.up(lab.spec('webapp9', 21)), taken);
    const ofHub = rejectsWith('VM_COMMAND_FAILED', /address of the proxy/);
    await assert.rejects(lab.room.up(lab.spec('webapp9', 10)), ofHub);
    const outside = { ...lab.spec('webapp9', 29), ip: '127.0.0.1' };
    await assert.rejects(
      lab.room.up(outside),
      rejectsWith('VM_COMMAND_FAILED', /127\.0\.0\.1, which is not on/),
    );
  });

  it('is one network per folder', async () => {
    const other = { folder: lab.folder, subnet: '192.168.99', label: 'another' };
    await assert.rejects(
      netns.open(other),
      rejectsWith('VM_LEASE_HELD', /not on netns machines in 192\.168\.99\.0/),
    );
  });
});
