import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Turns } from '../../../vms/room/turns.ts';

describe('Turns', () => {
  it('runs tasks of one key in order and those of another at once', async () => {
    const turns = new Turns();
    const said: string[] = [];
    let open = () => {};
    const gate = new Promise<void>(resolve => {
      open = resolve;
    });
    const first = turns.take('a', async () => {
      await gate;
      said.push('a1');
    });
    const second = turns.take('a', async () => said.push('a2'));
    await turns.take('b', async () => said.push('b'));
    open();
    await Promise.all([first, second]);
    assert.deepEqual(said, ['b', 'a1', 'a2']);
  });

  it('goes on after a task that failed', async () => {
    const turns = new Turns();
    const failing = turns.take('a', async () => {
      throw new Error('no');
    });
    const next = turns.take('a', async () => 'yes');
    await assert.rejects(failing, /no/);
    assert.equal(await next, 'yes');
    await turns.settled();
  });
});
