/** Machines come, go and come back, and every verb may be called in any state. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MachineStatus } from '../../../vms/machine.ts';
import type { Provider } from '../../../vms/provider.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { openTestRoom, statusOf, type TestRoom } from '../../support/machines.ts';
import { ONE_BY_ONE } from './one-by-one.ts';

function forwardedVisit(machine: MachineStatus | undefined): Promise<string> {
  assert.ok(machine?.forwarded);
  const signal = AbortSignal.timeout(2_000);
  return fetch(`http://${machine.forwarded}/`, { signal, headers: { connection: 'close' } }).then(
    answer => answer.text(),
    () => 'dead',
  );
}

export function testLifecycle(provider: Provider): void {
  describe('lifecycle', ONE_BY_ONE, () => {
    let lab: TestRoom;
    before(async () => {
      lab = await openTestRoom(provider);
    });
    after(() => lab.end());

    it('brings three machines up at once, each answering on its own address', async () => {
      const machines = await Promise.all(
        [1, 2, 3].map(n => lab.room.up(lab.spec(`webapp${n}`, 20 + n))),
      );
      for (const [index, machine] of machines.entries()) {
        const name = `webapp${index + 1}`;
        assert.equal(machine.state, 'running');
        assert.equal(machine.nominalAddress, `${lab.subnet}.${21 + index}:8080`);
        const seen = await lab.visit(machine);
        assert.equal(seen.outcome, '200');
        assert.match(seen.answer, new RegExp(`${name} v1 ${machine.pid}$`));
        assert.equal(await forwardedVisit(machine), `${name} v1 ${machine.pid}`);
      }
    });

    it('changes nothing when a running machine is brought up again', async () => {
      const first = await lab.room.up(lab.spec('webapp1', 21));
      assert.deepEqual(await lab.room.up(lab.spec('webapp1', 21)), first);
    });

    it('starts a machine anew when its app is another one', async () => {
      const machine = await lab.room.up(lab.spec('webapp3', 23, { version: 'v2' }));
      assert.match((await lab.visit(machine)).answer, /webapp3 v2/);
    });

    it('runs commands on a machine and passes on how they end', async () => {
      const { exitCode, stdout } = await lab.room.exec('webapp1', [
        'sh',
        '-c',
        'echo $MACHINE; exit 3',
      ]);
      assert.deepEqual({ exitCode, stdout }, { exitCode: 3, stdout: 'webapp1\n' });
    });

    it('keeps what the app printed', async () => {
      assert.match(await lab.room.logs('webapp1'), /^starts v1$/m);
      assert.match(await lab.room.logs('webapp1', 'starts '.length), /^v1$/m);
      assert.equal(await lab.room.logs('webapp1', 10_000), '');
    });

    it('is the same room when it is opened again', async () => {
      const again = await lab.reopen();
      assert.deepEqual(await again.status(), await lab.room.status());
      const { stdout } = await again.exec('webapp2', ['sh', '-c', 'echo $MACHINE']);
      assert.equal(stdout, 'webapp2\n');
    });

    it('halts in order, twice, and boots again at the same address', async () => {
      const running = await statusOf(lab, 'webapp2');
      await lab.room.halt('webapp2');
      await lab.room.halt('webapp2');
      const halted = await statusOf(lab, 'webapp2');
      assert.equal(halted?.state, 'poweroff');
      assert.equal(halted.pid, undefined);
      assert.match(await lab.room.logs('webapp2'), /ends in order/);
      assert.equal(await forwardedVisit(running), 'dead');
      const booted = await lab.room.up(lab.spec('webapp2', 22));
      assert.equal(booted.address, running?.address);
      assert.equal(booted.forwarded, running?.forwarded);
      assert.equal((await lab.visit(booted)).outcome, '200');
    });

    it('does nothing to machines that are not there', async () => {
      await lab.room.halt('nobody');
      await lab.room.destroy('nobody');
    });

    it('names the nearest machine when a name is wrong', async () => {
      const wrong = rejectsWith('VM_UNKNOWN', /"webap1".*Did you mean "webapp1"/);
      await assert.rejects(lab.room.exec('webap1', ['true']), wrong);
      await assert.rejects(lab.room.fail('webap1', 'crash'), wrong);
      await assert.rejects(lab.room.heal('webap1'), wrong);
      await assert.rejects(lab.room.logs('webap1'), wrong);
    });

    it('forgets a destroyed machine', async () => {
      await lab.room.destroy('webapp3');
      assert.equal(await statusOf(lab, 'webapp3'), undefined);
      await assert.rejects(
        lab.room.exec('webapp3', ['true']),
        rejectsWith('VM_UNKNOWN', /webapp3/),
      );
    });

    it('says why an app does not start', async () => {
      const spec = lab.spec('webapp4', 24, { env: { FAIL_WITH: 'no such module' } });
      await assert.rejects(
        lab.room.up(spec),
        rejectsWith('VM_APP_FAILED', /webapp4.*no such module/s),
      );
    });
  });
}
