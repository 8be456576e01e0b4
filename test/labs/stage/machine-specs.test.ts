/** Labs are written for instance 0 and move with the instance. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allMachines, oldMachines } from '../../../labs/catalogue/machines.ts';
import { machineSpecs } from '../../../labs/stage/machine-specs.ts';
import { addressPlan, MACHINE_NAMES } from '../../../vms/address-plan.ts';

describe('machineSpecs', () => {
  for (const instance of [0, 3]) {
    it(`is the address plan of instance ${instance}`, () => {
      const plan = addressPlan(instance);
      const specs = machineSpecs(allMachines, plan, 42);
      for (const name of MACHINE_NAMES) {
        const { ip, port, forwardedPort } = specs.get(name) ?? assert.fail(name);
        assert.deepEqual({ ip, port, forwardedPort }, plan.machines[name]);
      }
    });
  }

  it('gives the machines that are named for a site that site, and the others none', () => {
    const specs = machineSpecs(allMachines, addressPlan(), 42);
    const site = (name: string): unknown => specs.get(name)?.app.env?.['SITE'];
    assert.deepEqual(['legacy', 'shop', 'blog', 'api'].map(site), [
      'legacy',
      'shop',
      'blog',
      'api',
    ]);
    assert.equal(site('webapp1'), undefined);
    assert.equal(specs.get('legacy')?.app.env?.['BASE_PATH'], '/legacy');
  });

  it('tells an app where the proxy is, when its settings ask', () => {
    const { shop } = allMachines;
    const env = { UPSTREAM: 'http://{proxy}/' };
    const machines = { shop: { ...shop, app: { ...shop.app, env } } };
    const specs = machineSpecs(machines, addressPlan(), 42, '192.168.56.10:9080');
    assert.equal(specs.get('shop')?.app.env?.['UPSTREAM'], 'http://192.168.56.10:9080/');
  });

  it('seeds every machine’s name, each its own', () => {
    const seeds = (seed: number): unknown[] =>
      [...machineSpecs(oldMachines, addressPlan(), seed).values()].map(({ app }) => app.env);
    assert.deepEqual(seeds(1), seeds(1));
    assert.notDeepEqual(seeds(1), seeds(2));
    assert.equal(new Set(seeds(1).map(env => JSON.stringify(env))).size, 3);
  });
});
