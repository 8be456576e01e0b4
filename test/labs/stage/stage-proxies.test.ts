/** Two real proxies in a row, started, asked, started anew, and gone. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { crowdSocket } from '../../../labs/stage/ask-crowd.ts';
import { removeSockets, startProxies } from '../../../labs/stage/stage-proxies.ts';
import { providerNamed } from '../../../vms/registry.ts';
import { eventually } from '../../support/eventually.ts';
import { quietPort } from '../../support/quiet-port.ts';

const entry = path.resolve(import.meta.dirname, '../../../bin/relais.js');

describe('startProxies', () => {
  it('puts the edge in front, and starts both anew', async test => {
    const folder = await mkdtemp(path.join(tmpdir(), 'relais-two-'));
    const room = await providerNamed('process').open({
      folder: path.join(folder, 'room'),
      subnet: '192.168.63',
      label: 'two proxies',
    });
    const commandSocket = path.join(folder, 'relais.sock');
    test.after(async () => {
      await room.close();
      await rm(folder, { recursive: true });
    });
    const inner = await quietPort();
    const outer = await quietPort(inner);
    const listeners = { proxy: `127.0.0.1:${inner}`, edge: `127.0.0.1:${outer}` };
    const config = {
      language: 'en',
      listener: listeners.proxy,
      commandSocket,
      backends: [],
      addressOf: () => '',
      plan: {},
    } as const;
    const edge = { listener: { create_trace: true } };
    const signal = AbortSignal.timeout(60_000);
    const logs = ['access.log', 'edge.log'];
    const { proxy, restart } = await startProxies(
      { room, entry, folder, config, edge, listeners },
      signal,
    );
    const ask = async (id: string): Promise<number> => {
      const headers = { 'x-request-id': id, connection: 'close' };
      return (await fetch(`http://localhost:${outer}/`, { headers })).status;
    };
    assert.equal(await ask('first'), 503);
    // A restart gives nobody the time to write what is not written yet.
    await eventually('both logs have it', async () => {
      const texts = logs.map(log => readFile(path.join(folder, log), 'utf8'));
      return (await Promise.all(texts)).every(text => text.includes('"first"')) || undefined;
    });
    const before = await proxy.identity();
    await restart(signal);
    assert.notEqual((await proxy.identity()).mainPid, before.mainPid);
    assert.equal(await ask('second'), 503);
    await proxy.close();
    await Promise.all(['proxy', 'edge'].map(name => room.stopHub(name)));
    for (const log of logs) {
      const text = await readFile(path.join(folder, log), 'utf8');
      assert.match(text, /"request_id":"first".*\n.*"request_id":"second"/);
    }
    await removeSockets(commandSocket);
    await assert.rejects(access(commandSocket));
    await assert.rejects(access(`${commandSocket}.edge`));
  });
});

describe('removeSockets', () => {
  it('sends the crowd home where nobody finds it by its marks', async test => {
    const folder = await mkdtemp(path.join(tmpdir(), 'relais-crowd-'));
    test.after(() => rm(folder, { recursive: true }));
    const commandSocket = path.join(folder, 'relais.sock');
    const told: string[] = [];
    const crowd = createServer(asker => {
      asker.setEncoding('utf8').once('data', text => {
        told.push(String(text));
        asker.end('{}\n');
      });
    });
    await once(crowd.listen(crowdSocket(commandSocket)), 'listening');
    await removeSockets(commandSocket, 'linux');
    assert.deepEqual(told, []);
    crowd.close();
    await once(crowd, 'close');
    await once(crowd.listen(crowdSocket(commandSocket)), 'listening');
    await removeSockets(commandSocket, 'darwin');
    assert.deepEqual(told, ['0\n']);
    crowd.close();
    await removeSockets(commandSocket, 'darwin');
  });
});
