/** What is particular to machines that are only processes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { LOOPBACK_NETWORK } from '../../../vms/process/addresses.ts';
import { processProvider } from '../../../vms/process/provider.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { openTestRoom, type TestRoom } from '../../support/machines.ts';

const skip = process.platform === 'linux' ? false : 'only Linux answers on all of 127.0.0.0/8';

describe('process machines on loopback addresses', { skip }, () => {
  let lab: TestRoom;
  before(async () => {
    lab = await openTestRoom(processProvider(LOOPBACK_NETWORK));
  });
  after(() => lab.end());

  function loopback(host: number): string {
    return `127.${lab.subnet.split('.')[2]}.0.${host}`;
  }

  it('are at the address that the lab shows, but for its first octets', async () => {
    const machine = await lab.room.up(lab.spec('webapp1', 21));
    assert.equal(machine.nominalAddress, `${lab.subnet}.21:8080`);
    assert.equal(machine.address, `${loopback(21)}:8080`);
  });

  it('never take another program at their address for their app', async () => {
    const other = net.createServer().listen(8080, loopback(22));
    await once(other, 'listening');
    await assert.rejects(
      lab.room.up(lab.spec('webapp2', 22)),
      rejectsWith('VM_PORT_IN_USE', new RegExp(`8080 .*webapp2.*\\(pid ${process.pid}\\b`)),
    );
    other.close();
    await once(other, 'close');
    const machine = await lab.room.up(lab.spec('webapp2', 22));
    assert.equal((await lab.visit(machine)).outcome, '200');
  });

  it('cannot swallow when their app is dead, and say so', async () => {
    await lab.room.up(lab.spec('webapp3', 23));
    await lab.room.fail('webapp3', 'crash');
    await assert.rejects(
      lab.room.fail('webapp3', 'blackhole'),
      rejectsWith('VM_NOT_RUNNING', /webapp3 is not running; heal webapp3 first/),
    );
    await lab.room.heal('webapp3');
    await lab.room.fail('webapp3', 'blackhole');
    await lab.room.fail('webapp3', 'crash');
    const [machine] = (await lab.room.status()).filter(({ name }) => name === 'webapp3');
    assert.deepEqual(machine?.failures, ['crash']);
    assert.equal((await lab.visit(machine)).outcome, 'ECONNREFUSED');
  });

  it('refuse what cannot be told to an app that is frozen or dead', async () => {
    const frozen = lab.spec('webapp4', 24);
    await lab.room.up(frozen);
    await lab.room.fail('webapp4', 'freeze');
    const told = rejectsWith('VM_NOT_RUNNING', /heal webapp4 first/);
    await assert.rejects(lab.room.fail('webapp4', 'slow'), told);
    await lab.room.fail('webapp4', 'crash');
    await assert.rejects(lab.room.fail('webapp4', 'error'), told);
    await assert.rejects(lab.room.fail('webapp4', 'freeze'), told);
    await lab.room.fail('webapp4', 'power-off');
    const off = rejectsWith('VM_NOT_RUNNING', /webapp4 is powered off/);
    await assert.rejects(lab.room.fail('webapp4', 'crash'), off);
    await assert.rejects(lab.room.exec('webapp4', ['true']), off);
  });
});
