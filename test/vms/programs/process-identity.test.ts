import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { identify, isAlive, signalProcess } from '../../../vms/programs/process-identity.ts';
import { eventually } from '../../support/eventually.ts';

describe('process identity', () => {
  it('ends with the process', async () => {
    const child = spawn('sleep', ['1000']);
    const identity = identify(child.pid ?? 0);
    assert.ok(identity);
    assert.equal(isAlive(identity), true);
    const exited = once(child, 'exit');
    assert.equal(signalProcess(identity, 'SIGKILL'), true);
    await exited;
    assert.equal(isAlive(identity), false);
    assert.equal(signalProcess(identity, 'SIGKILL'), false);
  });

  it('is not that of a later process with the same pid', () => {
    const impostor = { pid: process.pid, started: 'another time' };
    assert.equal(isAlive(impostor), false);
    assert.equal(signalProcess(impostor, 'SIGKILL'), false);
  });

  it('takes a zombie for gone', async () => {
    // The shell's child ends at once, and the sleeper that the shell becomes never asks for it.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 1000']);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    await eventually('the zombie is taken for gone', () => identify(zombie) === undefined);
    process.kill(zombie, 0); // it is still there: else this throws
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });
});
