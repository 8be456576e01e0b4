/** One machine of three dies, in each way a machine can, and no visitor fails or waits for long. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CommandClient, connectCommand } from '../../proxy/index.ts';
import type { FailureVerb } from '../../vms/machine.ts';
import { netns } from '../../vms/netns/provider.ts';
import { eventually } from '../support/eventually.ts';
import { openTestRoom, type TestRoom } from '../support/machines.ts';
import { quietPort } from '../support/quiet-port.ts';
import { relaisProgram } from '../support/start-proxy.ts';
import { type Visit, visit } from '../support/steady-visitors.ts';

const state = await netns.probe();
const skip = state.ready ? false : state.reason;

const CONNECT_TIMEOUT_MS = 1500;
const PER_SECOND = 250;
const FAIL_AT_MS = 500;
const FOR_MS = 2600;

function configOf(port: number, addresses: readonly string[]): string {
  const backends = addresses.map(address => `{ address = "${address}" }`).join(', ');
  const cluster = (id: string): string => `
    [clusters.${id}]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:${port}", hostname = "${id}" }]
    backends = [${backends}]`;
  return `
    command_socket = "./sock"
    log_level = "warn"
    worker_count = 1
    [[listeners]]
    address = "127.0.0.1:${port}"
    protocol = "http"
    connect_timeout = ${CONNECT_TIMEOUT_MS / 1000}
    ${cluster('plain')}
    ${cluster('checked')}
    [clusters.checked.health_check]
    uri = "/"
    interval = 0.2
    timeout = 0.3
    healthy_threshold = 1
    unhealthy_threshold = 2
  `;
}

describe('one machine of three dies under load', { skip }, () => {
  let lab: TestRoom;
  let port: number;
  let client: CommandClient;
  before(async () => {
    lab = await openTestRoom(netns);
    const machines = await Promise.all(
      ['m1', 'm2', 'm3'].map((name, index) => lab.room.up(lab.spec(name, 21 + index))),
    );
    port = await quietPort();
    const configFile = path.join(lab.folder, 'proxy.toml');
    writeFileSync(
      configFile,
      configOf(
        port,
        machines.map(({ address }) => address),
      ),
    );
    await lab.room.spawnHub({
      name: 'proxy',
      file: process.execPath,
      args: [relaisProgram, 'start', '-c', configFile],
      sockets: [{ host: '127.0.0.1', port }],
    });
    const socket = path.join(lab.folder, 'sock');
    client = await eventually('the proxy serves', () => connectCommand(socket), 20_000);
    await client.send({ kind: 'status' });
  });
  after(async () => {
    client.close();
    await lab.end();
  });

  /**
   * A frozen machine accepts connects: only a check tells it from a slow one, and until then it gets
   * its third of the requests, which wait for that verdict.
   */
  const verbs: readonly [verb: FailureVerb, host: string, mayBeSlow: number][] = [
    ['crash', 'plain', 50],
    ['power-off', 'plain', 50],
    ['blackhole', 'plain', 50],
    ['freeze', 'checked', 150],
  ];
  for (const [verb, host, mayBeSlow] of verbs) {
    it(`${verb}: nobody fails, nobody waits longer than for a connect`, async () => {
      const visiting = visit({ port, host, perSecond: PER_SECOND, forMs: FOR_MS });
      const begin = performance.now();
      await eventually('it is time', () => performance.now() - begin > FAIL_AT_MS);
      await lab.room.fail('m2', verb);
      const { all, lateMs } = await visiting;
      const failed = all.filter(each => each.outcome !== '200');
      const longest = Math.max(...all.map(each => each.ms));
      const p50 = median(all);
      // On a computer that is slow, or busy with other tests, everything takes longer.
      const busyMs = 2 * lateMs + 10 * p50;
      const slowMs = 400 + busyMs;
      const slow = all.filter(each => each.ms > slowMs).length;
      console.log(
        `${verb}: ${all.length} requests, ${failed.length} failed, longest ${longest.toFixed(0)} ms, ` +
          `${slow} over ${slowMs.toFixed(0)} ms, median ${p50.toFixed(1)} ms, this process late ${lateMs.toFixed(0)} ms`,
      );
      assert.deepEqual(failed.slice(0, 3), []);
      assert.ok(longest <= CONNECT_TIMEOUT_MS + 100 + busyMs, `longest ${longest} ms`);
      assert.ok(slow <= mayBeSlow, `${slow} requests were slow: only those on their way may be`);
      await healed();
    });
  }

  async function healed(): Promise<void> {
    await lab.room.heal('m2');
    await eventually(
      'traffic flows to all machines again',
      async () => {
        await visit({ port, host: 'plain', perSecond: 50, forMs: 100 });
        const { content } = await client.send({ kind: 'list-backends' });
        return content?.backends.every(({ breaker, healthy }) => breaker === 'closed' && healthy);
      },
      20_000,
    );
  }
});

function median(visits: readonly Visit[]): number {
  const sorted = visits.map(each => each.ms).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
