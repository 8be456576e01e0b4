import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientPassing } from '../../../proxy/net/listener/client-passing.ts';
import type { GiveClient } from '../../../proxy/net/listener/listener.ts';

/** Has received what it is given when it says so. */
class Taker {
  readonly given: string[] = [];
  #settle: (arrived: boolean) => void = () => {};

  readonly take: GiveClient = ({ address }) => {
    this.given.push(address);
    return new Promise(resolve => {
      this.#settle = resolve;
    });
  };

  async answer(arrived: boolean): Promise<void> {
    this.#settle(arrived);
    await new Promise(resolve => setImmediate(resolve));
  }
}

interface Passing {
  readonly outcomes: string[];
  readonly leftOver: string[];
  readonly pass: (...names: string[]) => void;
}

function passing(takers: Taker[]): Passing {
  const outcomes: string[] = [];
  const leftOver: string[] = [];
  const made = new ClientPassing({
    takers: () => takers.map(({ take }) => take),
    otherwise: ({ address }) => {
      leftOver.push(address);
      return Promise.resolve(false);
    },
  });
  const pass = (...names: string[]): void => {
    for (const address of names) {
      const given = made.pass({ address, kept: true, handle: { close: () => {} } });
      void given.then(arrived => outcomes.push(`${address} ${arrived ? 'arrived' : 'stays'}`));
    }
  };
  return { outcomes, leftOver, pass };
}

describe('ClientPassing', () => {
  it('gives each process one client at a time', async () => {
    const [one, two] = [new Taker(), new Taker()];
    const { outcomes, pass } = passing([one, two]);
    pass('a', 'b', 'c', 'd');
    assert.deepEqual([two.given, one.given], [['a'], ['b']]);
    assert.deepEqual(outcomes, []);
    await one.answer(true);
    assert.deepEqual(one.given, ['b', 'c']);
    assert.deepEqual(outcomes, ['b arrived']);
  });

  it('goes on with the others when one takes its time', async () => {
    const [slow, quick] = [new Taker(), new Taker()];
    const { pass } = passing([slow, quick]);
    pass('a', 'b', 'c', 'd');
    await quick.answer(true);
    await quick.answer(true);
    assert.deepEqual([quick.given, slow.given], [['a', 'c', 'd'], ['b']]);
  });

  it('gives what one has not received to another one', async () => {
    const takers = [new Taker(), new Taker()];
    const [one, two] = takers as [Taker, Taker];
    const { outcomes, pass } = passing(takers);
    pass('a', 'b', 'c');
    takers.shift();
    await one.answer(false);
    await two.answer(true);
    assert.deepEqual(two.given, ['a', 'b']);
    await two.answer(true);
    await two.answer(true);
    assert.deepEqual(two.given, ['a', 'b', 'c']);
    assert.deepEqual(outcomes, ['a arrived', 'b arrived', 'c arrived']);
  });

  it('says what became of those for whom there is nobody', async () => {
    const takers = [new Taker()];
    const [last] = takers as [Taker];
    const { outcomes, leftOver, pass } = passing(takers);
    pass('a', 'b');
    takers.pop();
    await last.answer(false);
    assert.deepEqual(leftOver, ['a', 'b']);
    assert.deepEqual(outcomes, ['a stays', 'b stays']);
  });
});
