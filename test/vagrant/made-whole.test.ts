/** What is missing of a machine that somebody else has stopped, booted or destroyed is made again. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MachineStatus } from '../../vms/machine.ts';
import { mustRun } from '../../vms/programs/command.ts';
import { vagrantProvider } from '../../vms/vagrant/provider.ts';
import { fullName } from '../../vms/vagrant/room-paths.ts';
import { eventually } from '../support/eventually.ts';
import { openTestRoom, statusOf, type TestRoom } from '../support/machines.ts';

const provider = vagrantProvider({ engine: 'lxc' });
const state = await provider.probe();
const skip = state.ready ? false : `vagrant with lxc: ${state.reason}`;

/** A container that boots by itself takes a second or two; a busy computer takes longer. */
const BOOTS = 60_000;

describe('machines that somebody else halts, boots and destroys', { skip }, () => {
  let lab: TestRoom;
  before(async () => {
    lab = await openTestRoom(provider);
    await lab.room.up(lab.spec('webapp1', 21));
  });
  after(() => lab.end());

  const vagrant = async (...args: string[]): Promise<string> => {
    const program = lab.room.nativeProgram;
    assert.ok(program);
    return mustRun([...program.argv, ...args], { env: program.env });
  };
  const machine = async (): Promise<MachineStatus> => {
    const found = await statusOf(lab, 'webapp1');
    assert.ok(found);
    return found;
  };
  const runs = () =>
    eventually('the app runs', async () => (await machine()).appRunning || undefined, BOOTS);
  const answersOutside = async (): Promise<void> => {
    const answer = await eventually('an answer', async () => {
      const { forwarded } = await machine();
      return (await fetch(`http://${forwarded}/`)).text();
    });
    assert.match(answer, /webapp1 v1/);
  };

  it('sees a boot of what the kit has switched off, and completes it', async () => {
    await lab.room.fail('webapp1', 'power-off');
    assert.deepEqual((await machine()).failures, ['power-off']);
    await vagrant('up', 'webapp1');
    await runs();
    assert.deepEqual((await machine()).failures, []);
    await lab.room.up(lab.spec('webapp1', 21));
    await answersOutside();
  });

  it('finds the app again when the machine was booted anew', async () => {
    const { pid } = await machine();
    const bootId = () => lab.room.exec('webapp1', ['stat', '-c', '%Z', '/proc/1']);
    const first = (await bootId()).stdout;
    await lab.room.exec('webapp1', ['systemctl', 'reboot']);
    await eventually(
      'another boot',
      async () => {
        const now = await bootId().catch(() => undefined);
        return now?.exitCode === 0 && now.stdout !== first ? true : undefined;
      },
      BOOTS,
    );
    await runs();
    assert.ok(pid !== undefined);
    await answersOutside();
  });

  it('makes a machine again that was destroyed without it', async () => {
    const name = fullName(lab.folder, 'webapp1');
    const [enter = [], end] = [lab.room.nativeProgram?.argv.slice(0, -1), name];
    await mustRun([...enter, 'lxc-destroy', '--force', '--name', end]);
    assert.equal((await machine()).state, 'poweroff');
    const again = await lab.room.up(lab.spec('webapp1', 21));
    assert.equal((await lab.visit(again)).outcome, '200');
    await answersOutside();
  });
});
