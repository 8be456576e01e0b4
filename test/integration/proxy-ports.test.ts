/** No local port is left for a connection to the backend: 503, nobody is blamed, and it passes. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CommandClient, connectCommand } from '../../proxy/index.ts';
import { netns } from '../../vms/netns/provider.ts';
import { eventually } from '../support/eventually.ts';
import { openTestRoom, type TestRoom } from '../support/machines.ts';
import { quietPort } from '../support/quiet-port.ts';
import { RawClient } from '../support/raw-peer.ts';
import { relaisProgram } from '../support/start-proxy.ts';

const state = await netns.probe();
const skip = state.ready ? false : state.reason;

const PORTS = 4;

describe('local ports that run out', { skip }, () => {
  let lab: TestRoom;
  let port: number;
  let command: CommandClient;
  const clients: RawClient[] = [];

  before(async () => {
    lab = await openTestRoom(netns);
    const machine = await lab.room.up(lab.spec('m1', 21));
    const range = `echo 61000 ${61_000 + PORTS - 1} > /proc/sys/net/ipv4/ip_local_port_range`;
    const set = await lab.room.execHub(['sh', '-c', range]);
    assert.equal(set.exitCode, 0, set.stderr);
    port = await quietPort();
    const configFile = path.join(lab.folder, 'proxy.toml');
    writeFileSync(
      configFile,
      `
      command_socket = "./sock"
      log_level = "warn"
      worker_count = 1
      [[listeners]]
      address = "127.0.0.1:${port}"
      protocol = "http"
      [clusters.web]
      protocol = "http"
      frontends = [{ address = "127.0.0.1:${port}", hostname = "*" }]
      backends = [{ address = "${machine.address}" }]
      `,
    );
    await lab.room.spawnHub({
      name: 'proxy',
      file: process.execPath,
      args: [relaisProgram, 'start', '-c', configFile],
      sockets: [{ host: '127.0.0.1', port }],
    });
    const socket = path.join(lab.folder, 'sock');
    command = await eventually('the proxy serves', () => connectCommand(socket), 20_000);
    await command.send({ kind: 'status' });
  });
  after(async () => {
    for (const client of clients) client.close();
    command?.close();
    await lab.end();
  });

  async function ask(request: string): Promise<RawClient> {
    const client = await RawClient.connect(port);
    clients.push(client);
    return client.send(request);
  }

  const statusOf = (client: RawClient): string => client.received.slice(9, 12);

  it('answers 503, blames nobody, and serves again', async () => {
    const knobs = '{"delayMs":1500}';
    const fields = `Host: web\r\nContent-Length: ${knobs.length}\r\n`;
    await (await ask(`POST /knobs HTTP/1.1\r\n${fields}\r\n${knobs}`)).until('delayMs');
    const many = await Promise.all(
      Array.from({ length: 3 * PORTS }, () => ask('GET / HTTP/1.1\r\nHost: web\r\n\r\n')),
    );
    await eventually('all are answered', () => many.every(({ received }) => received !== ''));
    const served = many.filter(client => statusOf(client) === '200').length;
    const refused = many.filter(client => statusOf(client) === '503').length;
    assert.deepEqual([served, refused], [PORTS, 2 * PORTS]);
    const { content } = await command.send({ kind: 'list-backends' });
    assert.deepEqual(
      content?.backends.map(({ breaker, failures }) => [breaker, failures]),
      [['closed', 0]],
    );
    const later = await ask('GET / HTTP/1.1\r\nHost: web\r\n\r\n');
    await later.until('m1 v1');
  });
});
