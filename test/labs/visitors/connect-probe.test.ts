/** The probe as it is run: a program, one connect, one line. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';

const program = path.resolve(import.meta.dirname, '../../../labs/visitors/connect-probe.js');
const probe = (...args: readonly string[]) =>
  execa(process.execPath, [program, ...args], { reject: false });

describe('connect-probe', () => {
  it('tells a connect and its time', async () => {
    const server = createServer(socket => socket.destroy());
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { stdout, exitCode } = await probe('127.0.0.1', String(port), '5000');
    server.close();
    const { outcome, durationMs } = JSON.parse(stdout);
    assert.equal(outcome, 'connected');
    assert.ok(durationMs > 0 && durationMs < 5000, `${durationMs} ms`);
    assert.equal(exitCode, 0);
  });

  it('tells a refusal', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise(resolve => server.close(resolve));
    const { stdout } = await probe('127.0.0.1', String(port), '5000');
    assert.equal(JSON.parse(stdout).outcome, 'refused');
  });

  it('tells silence at its limit', {
    skip: process.platform !== 'linux' && 'only Linux drops a SYN when the backlog is full',
  }, async () => {
    const { child, port, fillers } = await fullListener();
    try {
      const { stdout } = await probe('127.0.0.1', String(port), '400');
      const { outcome, durationMs } = JSON.parse(stdout);
      assert.equal(outcome, 'silent');
      assert.ok(durationMs >= 390, `${durationMs} ms`);
    } finally {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  for (const args of [[], ['127.0.0.1'], ['127.0.0.1', '0', '5'], ['127.0.0.1', '80', 'soon']]) {
    it(`refuses "${args.join(' ')}" with its usage`, async () => {
      const { stdout, stderr, exitCode } = await probe(...args);
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /usage: connect-probe HOST PORT LIMIT_MS/);
    });
  }
});

/** A listener that is stopped and whose backlog of one is full: a further SYN is dropped. */
async function fullListener(): Promise<{ child: ChildProcess; port: number; fillers: Socket[] }> {
  const script = `const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.send(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  while (fillers.length < 50) {
    const filler = connect(port, '127.0.0.1');
    filler.on('error', () => {});
    fillers.push(filler);
    if (!(await connectsWithin(filler, 300))) return { child, port, fillers };
  }
  child.kill('SIGKILL');
  throw new Error('the backlog never filled');
}

function connectsWithin(socket: Socket, limitMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const limit = setTimeout(resolve, limitMs, false);
    socket.on('connect', () => {
      clearTimeout(limit);
      resolve(true);
    });
  });
}
