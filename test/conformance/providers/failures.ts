/** Each failure looks to a client as it should, and healing ends it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MachineStatus } from '../../../vms/machine.ts';
import type { Provider } from '../../../vms/provider.ts';
import { openTestRoom, statusOf, type TestRoom } from '../../support/machines.ts';
import { EXPECTATIONS, sightOf } from './expectations.ts';

/** Mostly waiting for clients to give up, so all at once: each failure on a machine of its own. */
export function testFailures(provider: Provider): void {
  describe('failures', { concurrency: EXPECTATIONS.length }, () => {
    let lab: TestRoom;
    before(async () => {
      lab = await openTestRoom(provider);
      const names = ['neighbour', ...EXPECTATIONS.map(({ how }) => how)];
      await Promise.all(names.map((name, index) => lab.room.up(lab.spec(name, 20 + index))));
    });
    after(() => lab.end());

    for (const expectation of EXPECTATIONS) {
      const { how, status } = expectation;
      it(`${how}: a client sees what it should, until the machine is healed`, async () => {
        const healthy = await machine(how);
        assert.equal((await lab.visit(healthy)).outcome, '200');
        const fidelity = await lab.room.fail(how, how);
        assert.deepEqual(fidelity, provider.capabilities.failures[how]);
        assert.deepEqual(await lab.room.fail(how, how), fidelity);
        const failed = await machine(how);
        assert.deepEqual(failed, { ...failed, ...status, failures: [how] });
        const sight = sightOf(expectation, fidelity, healthy.address);
        sight.holds(await lab.visit(healthy, sight.waitMs));
        assert.equal((await lab.visit(await machine('neighbour'))).outcome, '200');
        const healed = await lab.room.heal(how);
        assert.deepEqual(healed.failures, []);
        assert.equal(healed.address, healthy.address);
        assert.equal((await lab.visit(healed, 1_900)).outcome, '200');
      });
    }

    async function machine(name: string): Promise<MachineStatus> {
      const found = await statusOf(lab, name);
      assert.ok(found, name);
      return found;
    }
  });
}
