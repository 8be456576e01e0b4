/** The engine that is there, where containers cannot be reached at their addresses: simulated. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { EngineApi } from '../../../vms/docker/engine-api.ts';
import { DockerFabric } from '../../../vms/docker/fabric.ts';
import { roomKey } from '../../../vms/docker/machine-container.ts';
import { provideNetwork } from '../../../vms/docker/network.ts';
import { probeDocker } from '../../../vms/docker/probe.ts';
import { dockerSettings } from '../../../vms/docker/settings.ts';
import { LeaseFolder, newLease } from '../../../vms/lease.ts';
import type { MachineSpec } from '../../../vms/machine.ts';
import { FabricRoom } from '../../../vms/room/room.ts';
import { roomMarks } from '../../../vms/room/room-folder.ts';
import { FakeEngine } from '../../support/fake-engine.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { PROGRAMS } from '../../support/machines.ts';
import { quietPort } from '../../support/quiet-port.ts';

describe('machines in the engine that is there', () => {
  let folder: string;
  let engine: FakeEngine;
  let room: FabricRoom;
  let spec: MachineSpec;
  const container = () => `relais-${roomKey(folder)}-webapp1`;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'relais-host-'));
    engine = new FakeEngine();
    await engine.listen(path.join(folder, 'engine.sock'));
    const host = `unix://${folder}/engine.sock`;
    const options = { folder: path.join(folder, 'room'), subnet: '192.168.56', label: 'a lab' };
    folder = options.folder;
    const lease = new LeaseFolder(folder);
    const facts = { host, image: 'relais/machine:1', reachesAddresses: false };
    const whole = { ...newLease('docker', options), docker: facts };
    lease.write(whole);
    await provideNetwork(new EngineApi(host), folder, options.subnet, 'publishing');
    const marks = roomMarks(lease, options);
    room = new FabricRoom(new DockerFabric(whole, facts, lease, marks), lease, marks);
    const app = { file: path.join(PROGRAMS, 'machine-app.cjs'), version: 'v1' };
    const forwardedPort = await quietPort();
    spec = { name: 'webapp1', ip: '192.168.56.21', port: 8080, forwardedPort, app };
  });
  after(async () => {
    await room.close();
    await engine.close();
    rmSync(path.dirname(folder), { recursive: true, force: true });
  });

  const visit = async () => (await fetch(`http://127.0.0.1:${spec.forwardedPort}/`)).text();

  it('are their published ports, on this computer only', async () => {
    const machine = await room.up(spec);
    assert.deepEqual(machine, {
      name: 'webapp1',
      state: 'running',
      address: `127.0.0.1:${spec.forwardedPort}`,
      nominalAddress: '192.168.56.21:8080',
      forwarded: `127.0.0.1:${spec.forwardedPort}`,
      version: 'v1',
      appRunning: true,
      failures: [],
      pid: 7,
    });
    assert.equal(await visit(), 'VERSION=v1');
    assert.equal(room.hubAddress, '127.0.0.1');
    const plan = JSON.stringify(engine.containers.get(container())?.made);
    assert.match(plan, new RegExp(`"HostIp":"127.0.0.1","HostPort":"${spec.forwardedPort}"`));
    assert.match(plan, /"IPv4Address":"192\.168\.56\.21"/);
    assert.match(plan, new RegExp(`"relais.room":"${folder}"`));
    const network = [...engine.networks.values()].map(made => JSON.stringify(made)).join();
    assert.match(
      network,
      /"Internal":false.*"Subnet":"192\.168\.56\.0\/24","Gateway":"192\.168\.56\.10"/,
    );
  });

  it('say what of a failure is imitated', async () => {
    for (const how of ['crash', 'power-off', 'blackhole'] as const) {
      assert.equal(room.capabilities.failures[how].kind, 'imitated', how);
    }
    const fidelity = await room.fail('webapp1', 'crash');
    assert.match(fidelity.kind === 'imitated' ? fidelity.how : '', /Docker accepts connections/);
    assert.equal((await room.status())[0]?.appRunning, false);
  });

  it('come back, change their version, and are paused', async () => {
    assert.equal((await room.up(spec)).appRunning, true);
    await room.deploy('webapp1', { version: 'v2' });
    assert.equal(await visit(), 'VERSION=v2');
    await room.fail('webapp1', 'freeze');
    assert.equal(engine.containers.get(container())?.state, 'paused');
    await room.fail('webapp1', 'blackhole');
    assert.equal(engine.containers.get(container())?.state, 'paused', 'paused again');
    assert.match(engine.commands.at(-1) ?? '', /^nft add table inet relais.* drop$/);
    await room.fail('webapp1', 'power-off');
    assert.equal(engine.containers.get(container())?.state, 'exited');
    assert.deepEqual((await room.status())[0]?.state, 'poweroff');
  });

  it('leave nothing in it', async () => {
    await room.close();
    assert.equal(engine.containers.size, 0);
    assert.equal(engine.networks.size, 0);
    assert.deepEqual(readdirSync(folder), ['logs']);
    await assert.rejects(room.up(spec), rejectsWith('VM_ABORTED', /closed/));
  });
});

describe('what is said where docker cannot be used', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'relais-probe-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const nobody = { DOCKER_HOST: `unix://${folder}/nobody.sock`, RELAIS_BOXES: folder };

  it('no engine answers', async () => {
    const readiness = await probeDocker(dockerSettings(nobody, 'darwin', false), 'darwin', false);
    assert.ok(!readiness.ready);
    assert.match(readiness.reason, /no Docker engine answers at unix:.*nobody\.sock/);
    assert.match(readiness.fix, /Docker Desktop.*DOCKER_HOST/);
  });

  it("an engine of the kit's own without root", async () => {
    const settings = dockerSettings({ ...nobody, RELAIS_DOCKER: 'own' }, 'linux', false);
    const readiness = await probeDocker(settings, 'linux', false);
    assert.ok(!readiness.ready);
    assert.match(
      `${readiness.reason}. ${readiness.fix}`,
      /needs Linux and root.*RELAIS_DOCKER=host/,
    );
  });

  it('the image is not built', async () => {
    const engine = new FakeEngine();
    await engine.listen(path.join(folder, 'engine.sock'));
    const env = { ...nobody, DOCKER_HOST: `unix://${folder}/engine.sock` };
    const readiness = await probeDocker(dockerSettings(env, 'darwin', false), 'darwin', false);
    await engine.close();
    assert.ok(!readiness.ready);
    assert.match(
      `${readiness.reason}. ${readiness.fix}`,
      /image .* is missing.*box:build -- docker/,
    );
  });
});
