/** Actions as the commands a learner types. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from '../../../labs/harness/actions.ts';
import { commandOf } from '../../../labs/harness/commands.ts';

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
});
