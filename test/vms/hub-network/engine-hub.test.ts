/** The place of engines: their own network and a /sys that fits it, and no way out. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  besideEngines,
  insideEngineHub,
  makeEngineHub,
} from '../../../vms/hub-network/engine-hub.ts';
import { startForwarder } from '../../../vms/hub-network/forwarder.ts';
import { LeaseFolder } from '../../../vms/lease.ts';
import { netns } from '../../../vms/netns/provider.ts';
import { mustRun, runCommand } from '../../../vms/programs/command.ts';
import { killAll } from '../../../vms/programs/marked-processes.ts';
import { isAlive, type ProcessIdentity } from '../../../vms/programs/process-identity.ts';

const state = await netns.probe();
const skip =
  state.ready && state.note === 'as root' ? false : 'mounts need root and the right to namespaces';

describe('hub of an engine', { skip }, () => {
  let folder: string;
  let hidden: string;
  let hub: ProcessIdentity;
  const run = (...argv: string[]) => mustRun(insideEngineHub(hub, argv));

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'relais-hub-'));
    hidden = await mkdtemp(path.join(os.tmpdir(), 'relais-hidden-'));
    await writeFile(path.join(hidden, 'outside'), '');
    hub = await makeEngineHub(new LeaseFolder(folder), { marks: {}, emptyFolders: [hidden] });
  });
  after(async () => {
    await killAll([hub]);
    await rm(folder, { recursive: true, force: true });
    await rm(hidden, { recursive: true, force: true });
  });

  it('has loopback, up, and no route to anywhere', async () => {
    assert.match(await run('ip', '-o', 'link'), /^1: lo: <LOOPBACK,UP,LOWER_UP>.*\n$/);
    assert.equal(await run('ip', 'route'), '');
    const { stderr } = await runCommand(insideEngineHub(hub, ['ip', 'route', 'get', '192.0.2.1']));
    assert.match(stderr, /unreachable/);
  });

  it('shows its own interfaces in /sys, and the control groups of the system', async () => {
    await run('ip', 'link', 'add', 'br7', 'type', 'bridge');
    assert.deepEqual((await run('ls', '/sys/class/net')).split('\n').sort(), ['', 'br7', 'lo']);
    assert.equal(await run('ls', '/sys/fs/cgroup'), await mustRun(['ls', '/sys/fs/cgroup']));
    const groups = (await mustRun(['cat', '/proc/self/mountinfo'])).split('\n');
    const inside = (await run('cat', '/proc/self/mountinfo')).split('\n');
    const ofGroups = (lines: string[]) => lines.filter(line => / - cgroup2? /.test(line)).length;
    assert.ok(ofGroups(groups) > 0);
    assert.ok(ofGroups(inside) >= ofGroups(groups));
    await run('ip', 'link', 'del', 'br7');
  });

  it('has the empty folders that were asked for; nobody else sees that', async () => {
    assert.equal(await run('ls', hidden), '');
    await run('touch', path.join(hidden, 'inside'));
    assert.equal(await mustRun(['ls', hidden]), 'outside\n');
  });

  it('starts commands in the folder that is asked for', async () => {
    assert.equal(await mustRun(insideEngineHub(hub, ['pwd'], folder)), `${folder}\n`);
  });

  it('says its name; beside the engine, files are those of the system', async () => {
    assert.equal(await run('hostname'), 'relais\n');
    assert.equal(await mustRun(besideEngines(hub, ['hostname'])), 'relais\n');
    assert.equal(await mustRun(besideEngines(hub, ['ls', hidden])), 'outside\n');
  });

  it('is no way out for a forwarded port either: the client is reset', async () => {
    const forwarder = await startForwarder({
      name: 'webapp1',
      target: { host: '192.0.2.1', port: 8080 },
      port: 0,
      onHub: argv => besideEngines(hub, argv),
      marks: {},
      logFile: path.join(folder, 'webapp1.log'),
    });
    const outcome = await new Promise(resolve => {
      const socket = net.connect(forwarder.port, '127.0.0.1');
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('end', () => resolve('ended'));
    });
    assert.equal(outcome, 'ECONNRESET');
    await killAll([forwarder.process]);
  });

  it('ends with its holder, mounts and all', async () => {
    const other = await makeEngineHub(new LeaseFolder(folder), {
      marks: {},
      emptyFolders: [hidden],
    });
    await killAll([other]);
    assert.equal(isAlive(other), false);
    const mounts = await mustRun(['cat', '/proc/self/mountinfo']);
    assert.ok(!mounts.includes(hidden));
  });

  it('says what could not be mounted', async () => {
    const missing = path.join(folder, 'missing');
    await assert.rejects(
      makeEngineHub(new LeaseFolder(folder), { marks: {}, emptyFolders: [missing] }),
      /Cannot make the namespace of hub: .*missing/s,
    );
  });
});
