/** What somebody types into Vagrant in another terminal, the room sees; here with LXC. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MachineStatus } from '../../vms/machine.ts';
import type { Deed } from '../../vms/native-words.ts';
import { mustRun } from '../../vms/programs/command.ts';
import { vagrantProvider } from '../../vms/vagrant/provider.ts';
import { eventually } from '../support/eventually.ts';
import { openTestRoom, statusOf, type TestRoom } from '../support/machines.ts';

const NAME = 'webapp2';
const provider = vagrantProvider({ engine: 'lxc' });
const state = await provider.probe();
const skip = state.ready ? false : `vagrant with lxc: ${state.reason}`;

describe('vagrant, typed by hand', { skip }, () => {
  let lab: TestRoom;
  before(async () => {
    lab = await openTestRoom(provider);
    await lab.room.up(lab.spec(NAME, 22));
  });
  after(() => lab.end());

  /** Types a line as it is shown, in a shell in which `vagrant` is the room's program. */
  async function type(words: string | undefined): Promise<string> {
    assert.ok(words);
    const program = lab.room.nativeProgram;
    assert.ok(program);
    const argv = program.argv.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const script = `${program.name}() { ${argv} "$@"; }\n${words}`;
    return mustRun(['sh', '-c', script], { env: program.env });
  }

  const line = (deed: Deed): string | undefined => lab.room.nativeLine(deed, NAME);

  async function machine(): Promise<MachineStatus> {
    const found = await statusOf(lab, NAME);
    assert.ok(found);
    return found;
  }

  it('knows the machines of the room', async () => {
    assert.match(await type('vagrant status'), /webapp2 +running \(lxc\)/);
  });

  it('kills the app as the kit does, and starts it again', async () => {
    await type(line('crash'));
    await eventually('the app is gone', async () => !(await machine()).appRunning);
    assert.equal((await lab.visit(await machine())).outcome, 'ECONNREFUSED');
    await lab.room.fail(NAME, 'crash');
    await type(line('heal'));
    await eventually('the app is back', async () => (await machine()).appRunning);
    await eventually('it answers', async () => {
      return (await lab.visit(await machine())).outcome === '200';
    });
  });

  it('turns the machine off and on as the kit does', async () => {
    await type(line('power-off'));
    await eventually('it is off', async () => (await machine()).state === 'poweroff');
    await type(line('up'));
    await eventually('it is on', async () => (await machine()).state === 'running');
    await eventually('it answers', async () => {
      return (await lab.visit(await machine())).outcome === '200';
    });
  });

  it('takes the machine away, and the room can make it again', async () => {
    await type(`vagrant destroy --force ${NAME}`);
    const seen = await eventually('it is gone', async () => {
      const found = await statusOf(lab, NAME);
      return found?.state === 'running' ? undefined : { found };
    });
    assert.notEqual(seen.found?.state, 'running');
    const back = await lab.room.up(lab.spec(NAME, 22));
    assert.equal((await lab.visit(back)).outcome, '200');
  });
});
