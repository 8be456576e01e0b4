import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressPlan, canonicalName, MACHINE_NAMES, MAX_INSTANCE } from '../../vms/address-plan.ts';

describe('addressPlan', () => {
  it('gives the tutorial its addresses', () => {
    const { machines, hub, proxyPort } = addressPlan();
    assert.deepEqual(machines.webapp1, { ip: '192.168.56.21', port: 8080, forwardedPort: 9091 });
    assert.deepEqual(machines['webapp-new3'], {
      ip: '192.168.56.33',
      port: 8080,
      forwardedPort: 9103,
    });
    assert.deepEqual(machines.legacy, { ip: '192.168.56.41', port: 8080, forwardedPort: 9111 });
    assert.deepEqual(addressPlan(7).machines.api, {
      ip: '192.168.63.44',
      port: 8080,
      forwardedPort: 9814,
    });
    assert.deepEqual([hub, proxyPort], ['192.168.56.10', 9090]);
  });

  it('gives no address or port to two labs that run side by side', () => {
    const plans = Array.from({ length: MAX_INSTANCE + 1 }, (_, instance) => addressPlan(instance));
    const taken = plans.flatMap(plan => [
      plan.hub,
      plan.proxyPort,
      ...MACHINE_NAMES.flatMap(name => [plan.machines[name].ip, plan.machines[name].forwardedPort]),
    ]);
    assert.equal(new Set(taken).size, taken.length);
  });

  it('stays within what VirtualBox allows', () => {
    const third = Number(addressPlan(MAX_INSTANCE).subnet.split('.')[2]);
    assert.ok(third >= 56 && third < 64, `192.168.${third}.0 is outside of 192.168.56.0/21`);
  });

  for (const instance of [-1, 8, 1.5, Number.NaN]) {
    it(`refuses the instance ${instance}`, () => {
      assert.throws(() => addressPlan(instance), /whole number from 0 to 7/);
    });
  }
});

describe('canonicalName', () => {
  it('accepts the underscores of the 2017 tutorial', () => {
    assert.equal(canonicalName('webapp_new1'), 'webapp-new1');
    assert.equal(canonicalName(' WebApp1 '), 'webapp1');
  });
});
