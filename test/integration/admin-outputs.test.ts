/** What the main process tells by itself: the audit log and the packets for statsd. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { adminOf, adminTable } from '../support/admin-client.ts';
import { eventually } from '../support/eventually.ts';
import { runRelais, startProxy } from '../support/start-proxy.ts';

const listener = '[[listeners]]\naddress = "127.0.0.1:0"\nprotocol = "http"\n';

interface Line {
  readonly via: string;
  readonly verb: string;
  readonly result: string;
  readonly target: string;
  readonly actor: Readonly<Record<string, unknown>>;
}

function linesOf(file: string): Line[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map(line => JSON.parse(line) as Line);
}

describe('audit log', () => {
  it('has every change, whichever way it came, with who asked', async test => {
    const config = `audit_logs_target = "file://audit.log"\n${adminTable}${listener}`;
    const proxy = await startProxy(test, { config });
    const api = await adminOf(proxy);
    const file = path.join(proxy.folder, 'audit.log');
    const added = await runRelais('-s', proxy.socketPath, 'cluster', 'add', '-i', 'web');
    assert.equal(added.code, 0, added.stderr);
    const gone = await runRelais('-s', proxy.socketPath, 'cluster', 'remove', '-i', 'api');
    assert.equal(gone.code, 1);
    await api.post({ kind: 'remove-cluster', clusterId: 'web' });
    await api.get('/v1/status', { authorization: 'Bearer wrong' });
    await api.get('/v1/status');
    await eventually('five lines', () => linesOf(file).length === 5);
    assert.deepEqual(
      linesOf(file).map(({ via, verb, result, target }) => [via, verb, result, target]),
      [
        ['start', 'start', 'ok', ''],
        ['socket', 'add-cluster', 'ok', 'cluster web'],
        ['socket', 'remove-cluster', 'refused', 'cluster api'],
        ['http', 'remove-cluster', 'ok', 'cluster web'],
        ['http', 'GET', 'denied', '/v1/status'],
      ],
    );
    const { uid, comm, pid, self_declared: declared } = linesOf(file)[1]?.actor ?? {};
    assert.deepEqual([uid, comm, declared], [process.getuid?.(), 'relais', true]);
    assert.ok(typeof pid === 'number' && pid !== proxy.pid);

    renameSync(file, `${file}.1`);
    proxy.child.kill('SIGHUP');
    await eventually('the log is reopened', () => /SIGHUP/.test(proxy.stdout()));
    proxy.child.kill('SIGTERM');
    await proxy.ended;
    assert.deepEqual(
      linesOf(file).map(({ via, verb }) => [via, verb]),
      [['signal', 'soft-stop']],
    );
  });
});

describe('statsd', () => {
  it('gets packets of whole lines once a second, and may come and go', async test => {
    const server = createSocket('udp4');
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const received: string[] = [];
    server.on('message', bytes => received.push(bytes.toString()));
    const config = `[metrics]\naddress = "127.0.0.1:${port}"\nprefix = "lab"\n${adminTable}${listener}`;
    const proxy = await startProxy(test, { config });
    await eventually('a packet', () => received.length > 0, 60_000);
    for (const line of received.join('\n').split('\n')) {
      assert.match(line, /^lab\.[^:|\s]+:[0-9.e+-]+\|(?:c|g|ms)(?:\|@[0-9.e-]+)?$/);
    }
    assert.ok(received.every(packet => packet.length <= 1432));
    server.close();
    await once(server, 'close');

    // Nobody is there: it costs a count, not the proxy.
    const api = await adminOf(proxy);
    await eventually(
      'packets go on, into nothing',
      async () => {
        const { text } = await api.get('/metrics');
        const sent = Number(/^relais_statsd_packets_total (\d+)$/m.exec(text)?.[1]);
        return sent > received.length;
      },
      60_000,
    );
    const client = await proxy.connect();
    assert.equal((await client.send({ kind: 'status' })).status, 'ok');
  });
});
