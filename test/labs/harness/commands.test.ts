/** Actions as the commands a learner types. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from '../../../labs/harness/actions.ts';
import { commandOf, nativeLinesOf } from '../../../labs/harness/commands.ts';

function testCommand(action: Action, command: string): void {
  it(command, () =>
    assert.equal(
      commandOf(action, machine => `192.168.56.2${machine.at(-1)}:8080`),
      command,
    ),
  );
}

describe('commandOf', () => {
  testCommand({ kind: 'machine-up', machines: ['webapp1', 'webapp2'] }, 'lab up webapp1 webapp2');
  testCommand(
    { kind: 'machine-down', machine: 'webapp2', how: 'power-off' },
    'lab down webapp2 --how power-off',
  );
  testCommand({ kind: 'machine-heal', machine: 'webapp2' }, 'lab heal webapp2');
  testCommand({ kind: 'measure', machines: ['webapp1'] }, 'lab measure webapp1');
  testCommand(
    { kind: 'backend-add', machine: 'webapp1' },
    'relais backend add --id webapp --address 192.168.56.21:8080',
  );
  testCommand(
    { kind: 'backend-remove', machine: 'webapp3' },
    'relais backend remove --id webapp --address 192.168.56.23:8080',
  );
  testCommand(
    { kind: 'backend-weight', machine: 'webapp2', weight: 75 },
    'relais backend weight --id webapp --address 192.168.56.22:8080 75',
  );
  testCommand(
    { kind: 'machine-deploy', machine: 'webapp1', version: 'v2' },
    'lab deploy webapp1 v2',
  );
  testCommand(
    { kind: 'machine-knobs', machine: 'webapp1', knobs: { statusFailing: true, delayMs: 300 } },
    'lab knobs webapp1 statusFailing=true delayMs=300',
  );
  const words = ['explain', '-H', "Host: it's", { addressOf: 'proxy' }];
  testCommand(
    { kind: 'relais', words, replayed: false },
    String.raw`relais explain -H 'Host: it'\''s' 192.168.56.2y:8080`,
  );
});

describe('nativeLinesOf', () => {
  const room = {
    nativeLine: (deed: string, machine: string) =>
      deed === 'slow' ? undefined : `maker ${deed} ${machine}`,
  };
  const cases: [Action, readonly string[]][] = [
    [
      { kind: 'machine-up', machines: ['webapp1', 'webapp2'] },
      ['maker up webapp1', 'maker up webapp2'],
    ],
    [{ kind: 'machine-down', machine: 'webapp2', how: 'crash' }, ['maker crash webapp2']],
    [{ kind: 'machine-down', machine: 'webapp2', how: 'slow' }, []],
    [{ kind: 'machine-heal', machine: 'webapp2' }, ['maker heal webapp2']],
    [{ kind: 'machine-deploy', machine: 'webapp1', version: 'v2' }, []],
    [{ kind: 'backend-add', machine: 'webapp1' }, []],
    [{ kind: 'relais', words: ['backend', 'list'], replayed: false }, []],
  ];
  for (const [action, lines] of cases) {
    it(`${JSON.stringify(action)}: ${lines.join('; ') || 'none'}`, () =>
      assert.deepEqual(nativeLinesOf(action, room), lines));
  }
});
