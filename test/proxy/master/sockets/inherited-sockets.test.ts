import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countInheritedSockets } from '../../../../proxy/master/sockets/inherited-sockets.ts';

describe('countInheritedSockets', () => {
  const cases: readonly (readonly [Record<string, string>, number])[] = [
    [{}, 0],
    [{ LISTEN_FDS: '2' }, 2],
    [{ LISTEN_FDS: '2', LISTEN_PID: '7' }, 2],
    [{ LISTEN_FDS: '2', LISTEN_PID: '8' }, 0],
    [{ LISTEN_FDS: 'two' }, 0],
    [{ LISTEN_FDS: '-1' }, 0],
    [{ LISTEN_FDS: '', LISTEN_PID: '' }, 0],
  ];
  for (const [environment, count] of cases) {
    it(`finds ${count} in ${JSON.stringify(environment)}, and clears the variables`, () => {
      const copy = { ...environment, OTHER: 'x' };
      assert.equal(countInheritedSockets(copy, 7), count);
      assert.deepEqual(copy, { OTHER: 'x' });
    });
  }
});
