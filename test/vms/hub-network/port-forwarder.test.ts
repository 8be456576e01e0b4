/** What clients of a forwarded port see is what they would see of the machine's app. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Forwarder, startForwarder } from '../../../vms/hub-network/forwarder.ts';
import { killAll } from '../../../vms/programs/marked-processes.ts';
import { eventually } from '../../support/eventually.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { RawClient } from '../../support/raw-peer.ts';

describe('forwarded port', () => {
  let folder: string;
  let forwarder: Forwarder;
  let app: net.Server;
  let accepted: net.Socket[] = [];
  let target: { readonly host: string; readonly port: number };

  const start = (port = 0) =>
    startForwarder({
      name: 'webapp1',
      target,
      port,
      onHub: argv => argv,
      marks: {},
      logFile: path.join(folder, 'webapp1.log'),
    });

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'relais-forwarder-'));
    app = net.createServer({ allowHalfOpen: true, noDelay: true }, socket => {
      socket.on('error', () => undefined);
      accepted.push(socket);
    });
    await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve));
    target = { host: '127.0.0.1', port: (app.address() as net.AddressInfo).port };
    forwarder = await start();
  });
  afterEach(() => {
    for (const socket of accepted) socket.destroy();
    accepted = [];
  });
  after(async () => {
    await killAll([forwarder.process]);
    await new Promise(resolve => app.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  async function connectThrough(): Promise<{ client: RawClient; machine: net.Socket }> {
    const client = await RawClient.connect(forwarder.port);
    const machine = await eventually('the app has the connection', () => accepted.at(-1));
    return { client, machine };
  }

  it('carries bytes both ways', async () => {
    const { client, machine } = await connectThrough();
    machine.pipe(machine);
    client.send('there and back');
    assert.equal(await client.until('there and back'), 'there and back');
    client.close();
  });

  it('lets the client end first, and still hear the answer', async () => {
    const { client, machine } = await connectThrough();
    const question = readToEnd(machine);
    client.socket.end('question');
    assert.equal(await question, 'question');
    machine.end('answer');
    assert.equal(await client.ended(), 'answer');
    assert.equal(client.end, 'fin');
  });

  it('lets the app end first, and still hear the client', async () => {
    const { client, machine } = await connectThrough();
    const heard = readToEnd(machine);
    machine.end('goodbye');
    assert.equal(await client.ended(), 'goodbye');
    client.socket.end('one more thing');
    assert.equal(await heard, 'one more thing');
  });

  it('takes no more from a client than the app reads', async () => {
    const { client, machine } = await connectThrough();
    machine.pause();
    const piece = Buffer.alloc(1 << 20);
    const most = 256 << 20;
    let sent = 0;
    let held = false;
    while (sent < most && !held) {
      client.socket.write(piece);
      sent += piece.length;
      await once(client.socket, 'drain', { signal: AbortSignal.timeout(500) }).catch(() => {
        held = true;
      });
    }
    assert.ok(held, 'the client was never held back');
    let read = 0;
    machine.on('data', (bytes: Buffer) => {
      read += bytes.length;
    });
    machine.resume();
    await eventually('all of it arrives', () => read === sent);
    client.close();
  });

  it('resets the client when the app breaks off', async () => {
    const { client, machine } = await connectThrough();
    machine.resetAndDestroy();
    await client.ended();
    assert.equal(client.end, 'reset');
  });

  it('resets the connection to the app when the client breaks off', async () => {
    const { client, machine } = await connectThrough();
    const error = new Promise<NodeJS.ErrnoException>(resolve => machine.once('error', resolve));
    client.close();
    assert.equal((await error).code, 'ECONNRESET');
  });

  it('resets the client when nobody listens, and serves the next one', async () => {
    const silent = net.createServer();
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as net.AddressInfo;
    await new Promise(resolve => silent.close(resolve));
    const running = target;
    target = { host: '127.0.0.1', port };
    const toNobody = await start();
    target = running;
    for (let visit = 0; visit < 2; visit += 1) {
      const outcome = await new Promise(resolve => {
        const socket = net.connect(toNobody.port, '127.0.0.1');
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
        socket.on('end', () => resolve('ended'));
      });
      assert.equal(outcome, 'ECONNRESET');
    }
    await killAll([toNobody.process]);
  });

  it('says who has its port', async () => {
    const taken = rejectsWith('VM_PORT_IN_USE', /for the forwarded port of webapp1, is in use/);
    await assert.rejects(start(forwarder.port), taken);
  });

  it('refuses when it is gone', async () => {
    const other = await start();
    await killAll([other.process]);
    await assert.rejects(RawClient.connect(other.port), { code: 'ECONNREFUSED' });
  });
});

/** What comes until the other side ends; the socket stays open for an answer. */
function readToEnd(socket: net.Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece;
  });
  return once(socket, 'end').then(() => text);
}
