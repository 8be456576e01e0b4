import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Gathered } from '../../../vms/vagrant/gathered.ts';

describe('Gathered', () => {
  it('makes one call of those that come together, and the next when it has ended', async () => {
    const calls: (readonly string[])[] = [];
    let end: () => void = () => undefined;
    const begun: (() => void)[] = [];
    const gathered = new Gathered<string>(items => {
      calls.push(items);
      begun.shift()?.();
      return new Promise(resolve => {
        end = resolve;
      });
    });
    const first = new Promise<void>(resolve => begun.push(resolve));
    const together = Promise.all([gathered.add('a'), gathered.add('b')]);
    await first;
    const second = new Promise<void>(resolve => begun.push(resolve));
    const later = gathered.add('c');
    assert.deepEqual(calls, [['a', 'b']]);
    end();
    await together;
    await second;
    end();
    await later;
    assert.deepEqual(calls, [['a', 'b'], ['c']]);
  });

  it('tells each caller why the call failed, and goes on', async () => {
    let fails = true;
    const gathered = new Gathered<number>(async () => {
      if (fails) throw new Error('no room');
    });
    const tries = await Promise.allSettled([gathered.add(1), gathered.add(2)]);
    assert.deepEqual(
      tries.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    fails = false;
    await gathered.add(3);
  });
});
