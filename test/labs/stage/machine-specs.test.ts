/** Labs are written for instance 0 and move with the instance. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newMachines, oldMachines } from '../../../labs/catalogue/machines.ts';
import { machineSpecs } from '../../../labs/stage/machine-specs.ts';
import { addressPlan, MACHINE_NAMES } from '../../../vms/address-plan.ts';

describe('machineSpecs', () => {
  for (const instance of [0, 3]) {
    it(`is the address plan of instance ${instance}`, () => {
      const plan = addressPlan(instance);
      const specs = machineSpecs({ ...oldMachines, ...newMachines }, plan, 42);
      for (const name of MACHINE_NAMES) {
        const { ip, port, forwardedPort } = specs.get(name) ?? assert.fail(name);
        assert.deepEqual({ ip, port, forwardedPort }, plan.machines[name]);
      }
    });
  }

  it('seeds every machine’s name, each its own', () => {
    const seeds = (seed: number): unknown[] =>
      [...machineSpecs(oldMachines, addressPlan(), seed).values()].map(({ app }) => app.env);
    assert.deepEqual(seeds(1), seeds(1));
    assert.notDeepEqual(seeds(1), seeds(2));
    assert.equal(new Set(seeds(1).map(env => JSON.stringify(env))).size, 3);
  });
});
