import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { claim, findLeases, LeaseFolder, newLease, ownerOf, release } from '../../vms/lease.ts';
import { sweep } from '../../vms/sweep.ts';
import { rejectsWith } from '../support/machine-errors.ts';
import { openTestFolder, type TestFolder } from '../support/machines.ts';

describe('lease', () => {
  let test: TestFolder;
  beforeEach(() => {
    test = openTestFolder();
  });
  afterEach(() => test.remove());

  function leaseIn(folder: string): LeaseFolder {
    const lease = new LeaseFolder(folder);
    lease.write(newLease('process', { folder, subnet: '192.168.56', label: 'a lab' }));
    return lease;
  }

  it('is claimed by one living process at a time', async () => {
    const runner = path.resolve(import.meta.dirname, '../support/claim-runner.js');
    const other = spawn(process.execPath, [runner, test.folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const held = rejectsWith('VM_LEASE_HELD', new RegExp(`pid ${other.pid}.*--instance 1`));
    assert.throws(() => claim(test.folder), held);
    await assert.rejects(sweep(test.folder), rejectsWith('VM_LEASE_HELD', /stop that one first/));
    assert.equal(ownerOf(test.folder)?.pid, other.pid);
    const exited = once(other, 'exit');
    other.kill('SIGKILL');
    await exited;
    claim(test.folder);
    claim(test.folder);
    assert.equal(ownerOf(test.folder)?.pid, process.pid);
    release(test.folder);
    release(test.folder);
    assert.equal(ownerOf(test.folder), undefined);
    assert.deepEqual(readdirSync(test.folder), []);
  });

  it('does not take a process for its owner that only has the same pid', () => {
    const owners = path.join(test.folder, 'owners');
    mkdirSync(owners);
    const impostor = { pid: process.ppid, started: 'long ago' };
    writeFileSync(path.join(owners, `${process.ppid}-long`), JSON.stringify(impostor));
    claim(test.folder);
    assert.equal(ownerOf(test.folder)?.pid, process.pid);
  });

  it('leaves nothing of a record that its writer, killed, had not finished', async () => {
    leaseIn(test.folder);
    const halves = ['lease.json.4711.new', 'machines/webapp1.json.4711.new'];
    mkdirSync(path.join(test.folder, 'machines'));
    for (const half of halves) writeFileSync(path.join(test.folder, half), '{"provi');
    await sweep(test.folder);
    assert.deepEqual(readdirSync(test.folder), []);
  });

  it('is found in a folder and right under it', () => {
    leaseIn(test.folder);
    leaseIn(path.join(test.folder, 'instance-1'));
    mkdirSync(path.join(test.folder, 'other'));
    assert.deepEqual(findLeases(test.folder), [test.folder, path.join(test.folder, 'instance-1')]);
    assert.deepEqual(findLeases(path.join(test.folder, 'nowhere')), []);
  });

  it('survives files that are no records', async () => {
    const lease = leaseIn(test.folder);
    mkdirSync(path.join(test.folder, 'machines'));
    for (const text of ['', '{', '[]', 'null', '{}', '{"spec":3}']) {
      writeFileSync(path.join(test.folder, 'machines', 'webapp1.json'), text);
      assert.deepEqual(lease.machines(), [], text);
    }
    writeFileSync(path.join(test.folder, 'lease.json'), 'null');
    assert.equal(lease.read(), undefined);
    await sweep(test.folder);
    assert.deepEqual(readdirSync(test.folder), []);
  });

  it('keeps names with any characters inside its folder', () => {
    const lease = leaseIn(test.folder);
    const name = '../../a b/ö%2F';
    const spec = {
      name,
      ip: '192.168.56.21',
      port: 80,
      forwardedPort: 0,
      app: { file: '/x', version: 'v1' },
    };
    lease.writeMachine({ spec, power: 'off', forwardedPort: 0, failures: [] });
    assert.deepEqual(
      lease.machines().map(record => record.spec.name),
      [name],
    );
    lease.removeMachine(name);
    assert.deepEqual(lease.machines(), []);
  });
});
