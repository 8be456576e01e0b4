import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { MachineError } from '../../../vms/errors.ts';
import {
  mustRunVagrant,
  parseProgress,
  runVagrant,
  type VagrantProgress,
} from '../../../vms/vagrant/command-line.ts';
import { standInVagrant } from '../../support/stand-in-vagrant.ts';

const { place, remove } = standInVagrant();
after(remove);

describe('runVagrant', () => {
  it('says where Vagrant works and that it asks nobody outside', async () => {
    const full = {
      ...place,
      home: '/some/home',
      dotfiles: '/some/dotfiles',
      machinesFile: '/some/list.json',
    };
    const { stdout } = await runVagrant(full, ['tell', 'a b', '$(x)']);
    assert.deepEqual(JSON.parse(stdout), {
      rest: ['a b', '$(x)'],
      cwd: place.folder,
      env: {
        VAGRANT_CWD: place.folder,
        VAGRANT_HOME: '/some/home',
        VAGRANT_DOTFILE_PATH: '/some/dotfiles',
        VAGRANT_DEFAULT_PROVIDER: 'lxc',
        VAGRANT_CHECKPOINT_DISABLE: '1',
        VAGRANT_NO_COLOR: '1',
        VAGRANT_SERVER_URL: 'http://127.0.0.1:9',
        RELAIS_MACHINES: '/some/list.json',
      },
    });
  });

  it('runs through the wrapper that it was given', async () => {
    const wrap = (argv: readonly string[]): string[] => ['env', 'RELAIS_WRAPPED=yes', ...argv];
    const { stdout } = await runVagrant({ ...place, wrap }, ['tell']);
    assert.equal(JSON.parse(stdout).env.RELAIS_WRAPPED, 'yes');
  });

  it('tells progress per machine, with times that grow', async () => {
    const told: VagrantProgress[] = [];
    await runVagrant(place, ['up'], { onProgress: progress => told.push(progress) });
    assert.deepEqual(
      told.map(({ machine, text }) => [machine, text]),
      [
        [undefined, "Bringing machine 'webapp1' up with 'lxc' provider..."],
        ['webapp1', "Importing base box 'relais/debian'..."],
        ['webapp1', 'SSH address: 192.168.56.21:22'],
      ],
    );
    const times = told.map(({ ms }) => ms);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
  });

  it('stops with SIGINT, on which Vagrant cleans up', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const onProgress = ({ text }: VagrantProgress): void => {
      told.push(text);
      stop.abort();
    };
    await assert.rejects(
      runVagrant(place, ['wait'], { signal: stop.signal, onProgress }),
      (error: unknown) => error instanceof MachineError && error.code === 'VM_ABORTED',
    );
    assert.equal(told.at(-1), 'Waiting for cleanup before exiting...');
  });

  it('names the time that was too short', async () => {
    await assert.rejects(runVagrant(place, ['wait'], { timeoutMs: 300 }), /no end in 300 ms/);
  });

  it('says that it is not installed, and what installs it', async () => {
    const nowhere = { ...place, env: { PATH: '/nowhere' } };
    await assert.rejects(runVagrant(nowhere, ['up']), (error: unknown) => {
      assert.ok(error instanceof MachineError);
      assert.equal(error.code, 'VM_PROVIDER_UNREADY');
      assert.match(error.message, /vagrant is not installed.*apt-get install vagrant/is);
      return true;
    });
  });
});

describe('mustRunVagrant', () => {
  it("rejects with Vagrant's own words, whole", async () => {
    const file = path.join(place.folder, 'words');
    const words = 'Something new happened.\n\n  With details: 42.';
    writeFileSync(file, words);
    await assert.rejects(mustRunVagrant(place, ['fail', file]), (error: unknown) => {
      assert.ok(error instanceof MachineError && error.code === 'VM_COMMAND_FAILED');
      assert.ok(error.message.includes(words), error.message);
      return true;
    });
  });
});

describe('mustRunVagrant, of what is known', () => {
  it('adds why and what to do', async () => {
    const file = path.join(place.folder, 'words');
    writeFileSync(file, 'Timed out while waiting for the machine to boot. This means that');
    await assert.rejects(mustRunVagrant(place, ['fail', file]), /\n\nWhy: .+\nNext: .+/);
  });
});

describe('mustRunVagrant, of a command on a machine', () => {
  it('tells what the machine said, which Vagrant does not repeat', async () => {
    await assert.rejects(
      mustRunVagrant(place, ['provision']),
      /RELAIS-NO-NODE: this box.*in the log above.*\n\nWhy: The box has no Node/s,
    );
  });
});

describe('parseProgress', () => {
  const cases: [string, ReturnType<typeof parseProgress>][] = [
    ['==> webapp-new1: Booting VM...', { machine: 'webapp-new1', text: 'Booting VM...' }],
    ['    webapp1: SSH username: vagrant', { machine: 'webapp1', text: 'SSH username: vagrant' }],
    ['    webapp1:  -- Memory:  256M', { machine: 'webapp1', text: '-- Memory:  256M' }],
    ['==> webapp1:', undefined],
    ['   ', undefined],
    ['An error: what?', { machine: undefined, text: 'An error: what?' }],
  ];
  for (const [line, expected] of cases) {
    it(JSON.stringify(line), () => assert.deepEqual(parseProgress(line), expected));
  }
});
