import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dockerLine, dockerWords } from '../../../vms/docker/native-words.ts';
import type { FailureVerb } from '../../../vms/machine.ts';
import type { Deed } from '../../../vms/native-words.ts';

describe('dockerLine', () => {
  const cases: [Deed, readonly FailureVerb[], string | undefined][] = [
    ['up', [], undefined],
    ['power-off', [], 'docker kill box'],
    ['crash', [], 'docker exec box pkill -KILL node'],
    ['freeze', [], 'docker pause box'],
    ['blackhole', [], undefined],
    ['slow', [], undefined],
    ['error', [], undefined],
    ['heal', ['slow', 'freeze'], 'docker unpause box'],
    ['heal', ['crash'], undefined],
  ];
  for (const [deed, failures, line] of cases) {
    it(`${[deed, ...failures].join(' of ')}: ${line ?? 'no word for it'}`, () =>
      assert.equal(dockerLine(deed, 'box', failures), line));
  }
});

describe('dockerWords', () => {
  it('speaks to the engine of the room, of the container of the machine', () => {
    const { program, line } = dockerWords('unix:///run/x.sock', machine => `relais-1-${machine}`);
    assert.deepEqual(program.argv, ['docker', '--host', 'unix:///run/x.sock']);
    assert.equal(line('freeze', 'webapp2', []), 'docker pause relais-1-webapp2');
  });
});
