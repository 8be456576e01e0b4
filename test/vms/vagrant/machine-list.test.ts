import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { addressPlan, MACHINE_NAMES } from '../../../vms/address-plan.ts';
import { ENGINE_NAMES } from '../../../vms/vagrant/engines.ts';
import { machineList, macOf, writeMachineList } from '../../../vms/vagrant/machine-list.ts';

const spec = {
  name: 'webapp1',
  ip: '192.168.56.21',
  port: 8080,
  forwardedPort: 9091,
  app: { file: '/apps/hello-earth.cjs', version: 'v1', env: { LANGUAGE: 'fr', HOST: 'wrong' } },
};
const options = { engine: 'virtualbox', prefix: 'run', subnet: '192.168.56' } as const;

describe('machineList', () => {
  it('lists a machine with its size, its card and what its app is told', () => {
    assert.deepEqual(machineList([spec], options).machines, [
      {
        name: 'webapp1',
        ip: '192.168.56.21',
        port: 8080,
        forwardedPort: 9091,
        mac: '52:54:00:a8:38:15',
        memoryMiB: 256,
        cpus: 1,
        app: {
          file: '/apps/hello-earth.cjs',
          env: {
            LANGUAGE: 'fr',
            HOST: '0.0.0.0',
            PORT: '8080',
            VERSION: 'v1',
            MACHINE: 'webapp1',
          },
        },
      },
    ]);
  });

  it('names a box for every engine, and takes another one', () => {
    for (const engine of ENGINE_NAMES) {
      assert.match(machineList([], { ...options, engine }).box, /^[a-z]+\/[a-z0-9-]+$/);
    }
    const other = machineList([], { ...options, box: { name: 'my/box' } });
    assert.equal(other.box, 'my/box');
    assert.equal('boxVersion' in other, false);
  });

  it('gives the proxy a machine of its own on request', () => {
    const proxy = { ip: '192.168.56.10', forwards: [{ host: 9090, guest: 8080 }] };
    assert.deepEqual(machineList([], { ...options, proxy, memoryMiB: 512 }).proxy, {
      ...proxy,
      mac: '52:54:00:a8:38:0a',
      memoryMiB: 512,
      cpus: 1,
    });
    assert.equal('proxy' in machineList([], options), false);
  });
});

describe('macOf', () => {
  it('gives every machine of every instance its own', () => {
    const all = [0, 1, 7].flatMap(instance =>
      MACHINE_NAMES.map(name => macOf(addressPlan(instance).machines[name].ip)),
    );
    assert.equal(new Set(all).size, 3 * MACHINE_NAMES.length);
    for (const mac of all) assert.match(mac, /^52:54:00(:[0-9a-f]{2}){3}$/);
  });
});

describe('writeMachineList', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'machine-list-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('writes the one file, whole', () => {
    const list = machineList([spec], options);
    const file = writeMachineList(path.join(folder, 'made'), list);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), list);
    assert.deepEqual(readdirSync(path.dirname(file)), ['machines.json']);
  });
});
