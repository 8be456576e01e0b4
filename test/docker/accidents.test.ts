/** What happens to engines and containers while a lab uses them: told clearly, and nothing remains. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { roomKey } from '../../vms/docker/machine-container.ts';
import { controlGroupOf } from '../../vms/docker/own-engine.ts';
import { docker } from '../../vms/docker/provider.ts';
import { ownSettings } from '../../vms/docker/settings.ts';
import { storeOf } from '../../vms/docker/store.ts';
import { LeaseFolder } from '../../vms/lease.ts';
import { mustRun, runCommand } from '../../vms/programs/command.ts';
import { signalProcess } from '../../vms/programs/process-identity.ts';
import { describeLease, sweep } from '../../vms/sweep.ts';
import { eventually } from '../support/eventually.ts';
import { rejectsWith } from '../support/machine-errors.ts';
import { openTestFolder, openTestRoom, statusOf, type TestRoom } from '../support/machines.ts';
import { assertNothingRemains, footprintOf, footprintOfFolder } from '../support/remains.ts';

const state = await docker.probe();
const skip = state.ready ? false : `docker: ${state.reason}`;

describe('accidents with docker', { skip }, () => {
  let lab: TestRoom;
  beforeEach(async () => {
    lab = await openTestRoom(docker);
  });
  afterEach(async () => {
    await lab.end();
    assertNoEngineOf(lab.folder);
  });

  const byHand = (...argv: string[]) =>
    mustRun(['docker', '--host', `unix://${lab.folder}/docker.sock`, ...argv]);
  const containerOf = (machine: string) => `relais-${roomKey(lab.folder)}-${machine}`;

  it('sees what is done by hand: kill, pause, rm -f; and mends it', async () => {
    const spec = lab.spec('webapp1', 21);
    const first = await lab.room.up(spec);
    await byHand('kill', containerOf('webapp1'));
    await eventually(
      'it is off',
      async () => (await statusOf(lab, 'webapp1'))?.state === 'poweroff',
    );
    const again = await lab.room.up(spec);
    assert.deepEqual([again.address, again.forwarded], [first.address, first.forwarded]);
    assert.equal((await lab.visit(again)).outcome, '200');
    await byHand('pause', containerOf('webapp1'));
    assert.equal((await lab.visit(again, 1_000)).outcome, 'silent');
    await lab.room.heal('webapp1');
    assert.equal((await lab.visit(again)).outcome, '200');
    await byHand('rm', '-f', containerOf('webapp1'));
    await eventually(
      'it is off',
      async () => (await statusOf(lab, 'webapp1'))?.state === 'poweroff',
    );
    await assert.rejects(
      lab.room.exec('webapp1', ['true']),
      rejectsWith('VM_NOT_RUNNING', /webapp1 is powered off.*up webapp1/),
    );
    await lab.room.halt('webapp1');
    assert.equal((await lab.visit(await lab.room.up(spec))).outcome, '200');
    await byHand('rm', '-f', containerOf('webapp1'));
    await lab.room.destroy('webapp1');
    assert.deepEqual(await lab.room.status(), []);
  });

  it('kills and swallows a frozen machine without a word from its app', async () => {
    const machine = await lab.room.up(lab.spec('webapp1', 21));
    await lab.room.fail('webapp1', 'freeze');
    const waiting = lab.visit(machine, 4_000);
    await lab.room.fail('webapp1', 'blackhole');
    assert.deepEqual((await statusOf(lab, 'webapp1'))?.failures, ['freeze', 'blackhole']);
    assert.equal((await waiting).outcome, 'silent');
    await lab.room.heal('webapp1');
    await lab.room.fail('webapp1', 'freeze');
    await lab.room.fail('webapp1', 'crash');
    assert.equal((await lab.visit(machine)).outcome, 'ECONNREFUSED');
    assert.equal((await lab.visit(await lab.room.heal('webapp1'))).outcome, '200');
  });

  it('says that its engine was killed, in the middle of up; the next room begins anew', async () => {
    await lab.room.up(lab.spec('webapp1', 21));
    const dockerd = new LeaseFolder(lab.folder).read()?.docker?.dockerd ?? assert.fail();
    const coming = ['webapp2', 'webapp3'].map((name, index) =>
      assert.rejects(
        lab.room.up(lab.spec(name, 22 + index)),
        rejectsWith('VM_COMMAND_FAILED', /Docker engine at .* does not answer.*lab down/s),
      ),
    );
    signalProcess(dockerd, 'SIGKILL');
    await Promise.all(coming);
    assert.deepEqual(
      (await lab.room.status()).filter(({ state: power }) => power === 'running'),
      [],
    );
    const room = await lab.reopen();
    const { forwarded } = await room.up(lab.spec('webapp1', 21));
    assert.equal((await fetch(`http://${forwarded}/`)).status, 200);
    await room.close();
  });

  it('is swept after its engine was killed', async () => {
    await lab.room.up(lab.spec('webapp1', 21));
    const footprint = await footprintOf(lab.room, lab.folder);
    const dockerd = new LeaseFolder(lab.folder).read()?.docker?.dockerd ?? assert.fail();
    signalProcess(dockerd, 'SIGKILL');
    await sweep(lab.folder);
    await assertNothingRemains(footprint);
    assert.deepEqual(await describeLease(lab.folder), []);
  });

  it('lives beside another room, each with a store of its own', async () => {
    const other = await openTestRoom(docker);
    const machines = [
      await lab.room.up(lab.spec('webapp1', 21)),
      await other.room.up(other.spec('webapp1', 21)),
    ];
    assert.equal((await lab.visit(machines[0] ?? assert.fail())).outcome, '200');
    assert.equal((await other.visit(machines[1] ?? assert.fail())).outcome, '200');
    const { stores } = ownSettings();
    assert.notEqual(storeOf(stores, lab.folder)?.folder, storeOf(stores, other.folder)?.folder);
    await other.end();
    assert.equal((await lab.visit(machines[0] ?? assert.fail())).outcome, '200');
  });

  it('leads nowhere but to the lab, and shows machines the hub as .10', async () => {
    const machine = await lab.room.up(lab.spec('webapp1', 21));
    for (const run of [lab.room.execHub, (argv: string[]) => lab.room.exec('webapp1', argv)]) {
      const ping = "require('net').connect(9, '192.0.2.1').on('error', e => console.log(e.code))";
      const { stdout } = await run.call(lab.room, ['node', '-e', ping]);
      assert.match(stdout, /^E(NETUNREACH|HOSTUNREACH)$/m);
    }
    assert.equal((await lab.room.execHub(['ip', 'route', 'show', 'default'])).stdout, '');
    const { stdout } = await lab.room.execHub(['ip', 'route', 'get', `${lab.subnet}.21`]);
    assert.match(stdout, new RegExp(`src ${lab.subnet}\\.10\\b`));
    assert.equal(machine.address, `${lab.subnet}.21:8080`);
  });
});

describe('what docker cannot begin with', { skip }, () => {
  const settings = ['RELAIS_BOXES', 'RELAIS_DOCKER_STORES'] as const;
  const before = settings.map(name => [name, process.env[name]] as const);
  let temporary: string;
  beforeEach(() => {
    temporary = mkdtempSync(path.join(os.tmpdir(), 'relais-accident-'));
  });
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(temporary, { recursive: true, force: true });
  });

  async function refused(code: 'VM_PROVIDER_UNREADY' | 'VM_COMMAND_FAILED', message: RegExp) {
    const { folder, subnet, remove } = openTestFolder();
    const opening = docker.open({ folder, subnet, label: 'test of docker' });
    await assert.rejects(opening, rejectsWith(code, message));
    await assertNothingRemains(footprintOfFolder(folder));
    assertNoEngineOf(folder);
    await remove();
  }

  it('an image that is missing', async () => {
    process.env['RELAIS_BOXES'] = temporary;
    await refused('VM_PROVIDER_UNREADY', /image of the machines is missing.*box:build -- docker/);
  });

  it('an image that is damaged', async () => {
    process.env['RELAIS_BOXES'] = temporary;
    process.env['RELAIS_DOCKER_STORES'] = path.join(temporary, 'stores');
    const name = `debian-${process.arch === 'x64' ? 'amd64' : process.arch}-docker.tar.gz`;
    await mustRun(['cp', '/etc/hostname', path.join(temporary, name)]);
    await refused('VM_COMMAND_FAILED', /Docker cannot import .*build it again/);
  });

  it('a disk that is full', async () => {
    const disk = path.join(temporary, 'disk');
    await mustRun(['mkdir', disk]);
    await mustRun(['mount', '-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', disk]);
    process.env['RELAIS_DOCKER_STORES'] = disk;
    try {
      await refused('VM_COMMAND_FAILED', /disk is full.*Make room \(df -h/);
      assert.equal(existsSync(path.join(disk, 'store-1/data')), false);
    } finally {
      await runCommand(['umount', disk]);
    }
  });

  it('Docker that is not installed', async () => {
    const provider = path.resolve(import.meta.dirname, '../../vms/docker/provider.js');
    const ask = `import('${provider}').then(m => m.docker.probe()).then(it => console.log(it))`;
    const hide = 'mount -t tmpfs tmpfs /usr/sbin && exec "$0" -e "$1"';
    const said = await mustRun(['unshare', '--mount', 'sh', '-c', hide, process.execPath, ask]);
    assert.match(said, /ready: false.*Docker is not installed/s);
    assert.match(said, /dockerd.*apt-get install .*docker\.io/s);
  });
});

/** Mounts, control groups and stores that name the room. */
function assertNoEngineOf(folder: string): void {
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(folder));
  const group = controlGroupOf(folder);
  const hierarchies = ['/sys/fs/cgroup', ...list('/sys/fs/cgroup')];
  assert.deepEqual(
    hierarchies.filter(hierarchy => existsSync(path.join(hierarchy, group))),
    [],
  );
  assert.equal(storeOf(ownSettings().stores, folder), undefined);
}

function list(folder: string): string[] {
  return readdirSync(folder).map(entry => path.join(folder, entry));
}
