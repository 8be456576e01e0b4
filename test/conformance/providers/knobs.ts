/** The running app is told how to behave, whatever its machine is. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Provider } from '../../../vms/provider.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { HELLO_EARTH, openTestRoom, statusOf, type TestRoom } from '../../support/machines.ts';
import { ONE_BY_ONE } from './one-by-one.ts';

export function testKnobs(provider: Provider): void {
  describe('knobs', ONE_BY_ONE, () => {
    let lab: TestRoom;
    before(async () => {
      lab = await openTestRoom(provider);
      await lab.room.up(lab.spec('webapp1', 21, { file: HELLO_EARTH }));
    });
    after(() => lab.end());

    it('are asked for, set one by one, and set back', async () => {
      const healthy = await lab.room.knobs('webapp1');
      assert.equal(healthy['errorRate'], 0);
      await lab.room.knobs('webapp1', { statusFailing: true });
      const both = await lab.room.knobs('webapp1', { errorRate: 1 });
      assert.deepEqual(both, { ...healthy, statusFailing: true, errorRate: 1 });
      const failing = await statusOf(lab, 'webapp1');
      assert.deepEqual(failing?.failures, ['error']);
      assert.deepEqual(failing.knobs, { statusFailing: true, errorRate: 1 });
      assert.equal((await lab.visit(failing)).outcome, '500');
      assert.deepEqual(await lab.room.knobs('webapp1', 'reset'), healthy);
      const reset = await statusOf(lab, 'webapp1');
      assert.deepEqual([reset?.failures, reset?.knobs], [[], undefined]);
    });

    it('that are faults end when the machine is healed', async () => {
      const healthy = await lab.room.knobs('webapp1');
      await lab.room.knobs('webapp1', { statusFailing: true, errorRate: 0.5 });
      await lab.room.heal('webapp1');
      assert.deepEqual(await lab.room.knobs('webapp1'), healthy);
      assert.equal((await statusOf(lab, 'webapp1'))?.knobs, undefined);
    });

    it('that are limits outlive a restart and another version, until they are reset', async () => {
      const healthy = await lab.room.knobs('webapp1');
      await lab.room.knobs('webapp1', { capacity: 9, delayMs: 1 });
      await lab.room.fail('webapp1', 'crash');
      await lab.room.heal('webapp1');
      assert.deepEqual(await lab.room.knobs('webapp1'), { ...healthy, capacity: 9 });
      const { knobs, failures } = await lab.room.deploy('webapp1', { version: 'v2' });
      assert.deepEqual([knobs, failures], [{ capacity: 9 }, []]);
      assert.deepEqual(await lab.room.knobs('webapp1'), { ...healthy, capacity: 9 });
      assert.deepEqual(await lab.room.knobs('webapp1', 'reset'), healthy);
    });

    it('that the app refuses change nothing, and its reason is told', async () => {
      const inForce = await lab.room.knobs('webapp1');
      await assert.rejects(
        lab.room.knobs('webapp1', { delayMs: 5, errorrate: 1 }),
        rejectsWith('VM_COMMAND_FAILED', /webapp1 refused .*did you mean "errorRate"\?/),
      );
      assert.deepEqual(await lab.room.knobs('webapp1'), inForce);
      assert.deepEqual((await statusOf(lab, 'webapp1'))?.failures, []);
    });

    it('cannot be set where the app does not listen', async () => {
      const order = (name: string) => lab.room.knobs(name, { delayMs: 1 });
      await lab.room.fail('webapp1', 'freeze');
      await assert.rejects(order('webapp1'), rejectsWith('VM_NOT_RUNNING', /frozen.*heal webapp1/));
      await lab.room.fail('webapp1', 'crash');
      await assert.rejects(order('webapp1'), rejectsWith('VM_NOT_RUNNING', /heal webapp1 first/));
      await assert.rejects(order('webap1'), rejectsWith('VM_UNKNOWN', /Did you mean "webapp1"/));
      await lab.room.heal('webapp1');
    });
  });
}
