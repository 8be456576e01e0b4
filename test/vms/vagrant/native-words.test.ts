import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FailureVerb } from '../../../vms/machine.ts';
import type { Deed } from '../../../vms/native-words.ts';
import { vagrantLine, vagrantWords } from '../../../vms/vagrant/native-words.ts';

const onApp = (verb: string): string =>
  `vagrant ssh webapp2 -c "sudo systemctl ${verb} relais-app"`;

describe('vagrantLine', () => {
  const cases: [Deed, readonly FailureVerb[], string | undefined][] = [
    ['up', [], 'vagrant up webapp2'],
    ['power-off', [], 'vagrant halt --force webapp2'],
    ['crash', [], onApp('kill -s KILL')],
    ['freeze', [], onApp('kill -s STOP')],
    ['blackhole', [], undefined],
    ['slow', [], undefined],
    ['error', [], undefined],
    ['heal', ['power-off'], 'vagrant up webapp2'],
    ['heal', ['slow', 'crash'], onApp('start')],
    ['heal', ['freeze'], onApp('kill -s CONT')],
    ['heal', ['blackhole'], undefined],
    ['heal', [], undefined],
  ];
  for (const [deed, failures, line] of cases) {
    it(`${[deed, ...failures].join(' of ')}: ${line ?? 'no word for it'}`, () =>
      assert.equal(vagrantLine(deed, 'webapp2', failures), line));
  }
});

describe('vagrantWords', () => {
  it('starts vagrant where the machines are, with its colours', () => {
    const { program } = vagrantWords({
      folder: '/labs/run/vagrant',
      engine: 'lxc',
      home: '/labs/run/vagrant-home',
      wrap: argv => ['inside', 'the-hub', ...argv],
    });
    assert.equal(program.name, 'vagrant');
    assert.deepEqual(program.argv, ['inside', 'the-hub', 'vagrant']);
    assert.equal(program.env['VAGRANT_CWD'], '/labs/run/vagrant');
    assert.equal(program.env['VAGRANT_DEFAULT_PROVIDER'], 'lxc');
    assert.equal('VAGRANT_NO_COLOR' in program.env, false);
  });
});
