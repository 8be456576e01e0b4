/** Where proxies listen: visitors always come to the same port. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listenersOf } from '../../../labs/stage/listeners.ts';
import { addressPlan } from '../../../vms/address-plan.ts';

const plan = addressPlan(2);
const hub = '192.168.58.10';
const second = { 'second-proxy': '127.0.0.1:9280' };

describe('listenersOf', () => {
  it('gives visitors to the proxy when it is alone', () => {
    const listeners = listenersOf({ proxy: {} }, plan, hub);
    assert.deepEqual(listeners, { proxy: '127.0.0.1:9290', ...second });
  });

  it('puts the edge where visitors come, and the proxy behind it', () => {
    const edge = '127.0.0.1:9290';
    const listeners = listenersOf({ proxy: { edge: {} } }, plan, hub);
    assert.deepEqual(listeners, { proxy: '192.168.58.10:9270', edge, ...second });
  });

  it('knows where the monitor answers, when there is one', () => {
    const listeners = listenersOf({ proxy: { monitor: true } }, plan, hub);
    assert.deepEqual(listeners, { proxy: '127.0.0.1:9290', monitor: '127.0.0.1:9286', ...second });
  });

  it('gives every one an address of its own, in every instance', () => {
    for (let instance = 0; instance < 8; instance += 1) {
      const all = listenersOf(
        { proxy: { edge: {}, monitor: true } },
        addressPlan(instance),
        '127.0.0.1',
      );
      assert.equal(new Set(Object.values(all)).size, 4);
    }
  });
});
