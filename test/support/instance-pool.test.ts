/** Labs of tests that run at once would meet on their ports if this pool were wrong. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { InstancePool } from './instance-pool.ts';

const runner = path.join(import.meta.dirname, 'instance-runner.js');

describe('a pool of instances', () => {
  let folder: string;
  let others: ChildProcess[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'instance-pool-'));
    others = [];
  });
  afterEach(async () => {
    await Promise.all(others.map(end));
    rmSync(folder, { recursive: true, force: true });
  });

  function poolOf(...instances: readonly number[]): InstancePool {
    return new InstancePool({ folder, instances, portsOf: () => [] });
  }

  /** Another process, and what it says once it has an instance. */
  async function startOther(...instances: readonly number[]): Promise<string> {
    const child = spawn(process.execPath, [runner, folder, ...instances.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    others.push(child);
    const [said] = await once(child.stdout, 'data');
    return String(said).trim();
  }

  it('gives one process no instance twice, until it gives it back', async () => {
    const pool = poolOf(3, 5);
    assert.deepEqual([await pool.take(), await pool.take()].sort(), [3, 5]);
    const third = pool.take();
    pool.giveBack(5);
    assert.equal(await third, 5);
  });

  it('gives processes that ask at once an instance each', async () => {
    const all = [0, 1, 2, 3];
    const said = await Promise.all(all.map(() => startOther(...all)));
    assert.deepEqual(said.sort(), ['took 0', 'took 1', 'took 2', 'took 3']);
  });

  it('names who has them when none gets free, and takes over from the dead', async () => {
    assert.equal(await startOther(0), 'took 0');
    const pool = poolOf(0, 1);
    assert.equal(await pool.take(), 1);
    const [other] = others;
    await assert.rejects(pool.take(50), {
      message: new RegExp(`0: process ${other?.pid} has it\n {2}1: this process has it$`),
    });
    const next = pool.take();
    if (other !== undefined) await end(other);
    assert.equal(await next, 0);
  });

  it('passes over an instance whose ports somebody else has', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const pool = new InstancePool({
      folder,
      instances: [0, 1],
      portsOf: instance => (instance === 0 ? [port] : []),
    });
    try {
      assert.equal(await pool.take(), 1);
      await assert.rejects(pool.take(50), { message: new RegExp(`0: somebody.*${port}`) });
    } finally {
      server.close();
      await once(server, 'close');
    }
    assert.equal(await pool.take(), 0);
  });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
