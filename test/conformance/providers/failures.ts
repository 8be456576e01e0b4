/** Each failure looks to a client as it should, and healing ends it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MachineStatus } from '../../../vms/machine.ts';
import type { Provider } from '../../../vms/provider.ts';
import { openTestRoom, statusOf, type TestRoom } from '../../support/machines.ts';
import { EXPECTATIONS, sightOf } from './expectations.ts';

/**
 * Mostly waiting for clients to give up, so all at once: each failure on a machine of its own.
 * `shared`: one after the other, all on one machine.
 */
export function testFailures(provider: Provider, shared = false): void {
  // Longer than a page takes: a second or two where the machine is emulated and others boot.
  const delayMs = shared ? 8_000 : 2_000;
  const sufferer = (how: string): string => (shared ? 'sufferer' : how);
  describe('failures', { concurrency: shared ? 1 : EXPECTATIONS.length }, () => {
    let lab: TestRoom;
    before(async () => {
      lab = await openTestRoom(provider);
      const names = new Set(['neighbour', ...EXPECTATIONS.map(({ how }) => sufferer(how))]);
      await Promise.all([...names].map((name, index) => lab.room.up(lab.spec(name, 20 + index))));
    });
    after(() => lab.end());

    for (const expectation of EXPECTATIONS) {
      const { how, status } = expectation;
      it(`${how}: a client sees what it should, until the machine is healed`, async () => {
        const name = sufferer(how);
        const healthy = await machine(name);
        assert.equal((await lab.visit(healthy)).outcome, '200');
        const fail = () => lab.room.fail(name, how, shared && how === 'slow' ? { delayMs } : {});
        const fidelity = await fail();
        assert.deepEqual(fidelity, provider.capabilities.failures[how]);
        assert.deepEqual(await fail(), fidelity);
        const failed = await machine(name);
        assert.deepEqual(failed, { ...failed, ...status, failures: [how] });
        const sight = sightOf(expectation, fidelity);
        sight.holds(await lab.visit(healthy, sight.waitMs));
        assert.equal((await lab.visit(await machine('neighbour'))).outcome, '200');
        const healed = await lab.room.heal(name);
        assert.deepEqual(healed.failures, []);
        assert.equal(healed.address, healthy.address);
        assert.equal((await lab.visit(healed, delayMs - 100)).outcome, '200');
      });
    }

    async function machine(name: string): Promise<MachineStatus> {
      const found = await statusOf(lab, name);
      assert.ok(found, name);
      return found;
    }
  });
}
