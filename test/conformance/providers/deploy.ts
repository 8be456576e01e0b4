/** Another version of the app comes onto a machine that stays. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { MachineStatus } from '../../../vms/machine.ts';
import type { Provider } from '../../../vms/provider.ts';
import { rejectsWith } from '../../support/machine-errors.ts';
import { HELLO_EARTH, openTestRoom, statusOf, type TestRoom } from '../../support/machines.ts';
import { ONE_BY_ONE } from './one-by-one.ts';

/** One for each test, with the last part of its address. */
const MACHINES: readonly (readonly [string, number])[] = [
  ['webapp1', 21],
  ['webapp2', 22],
  ['webapp3', 23],
  ['webapp4', 24],
  ['crash', 25],
  ['freeze', 26],
  ['away', 27],
  ['webapp5', 28],
];

/** For a page of an emulated machine, others booting beside it. */
const PATIENT_MS = 15_000;

/** `shared`: one machine for all tests, whatever version it has by then; the last one halts it. */
export function testDeploy(provider: Provider, shared = false): void {
  describe('deployment', ONE_BY_ONE, () => {
    let lab: TestRoom;
    before(async () => {
      lab = await openTestRoom(provider);
      // Where each takes seconds, together they take hardly more.
      const machines = MACHINES.filter(([name]) => !shared || name === 'away');
      await Promise.all(machines.map(([name, host]) => up(name, host)));
    });
    after(() => lab.end());

    const up = (name: string, host: number) =>
      lab.room.up(lab.spec(name, host, { file: HELLO_EARTH, env: { NAME_SEED: name } }));
    /** The machine of one test, and the version that it does not run. */
    const machineFor = async (test: string) => {
      const machine = await statusOf(lab, shared ? 'away' : test);
      assert.ok(machine?.appRunning);
      return { machine, name: machine.name, other: machine.version === 'v1' ? 'v2' : 'v1' };
    };
    const version = async (name: string): Promise<string | undefined> => {
      const machine = await statusOf(lab, name);
      assert.ok(machine);
      return /x-relais-version: (\S+)/i.exec((await lab.visit(machine)).answer)?.[1];
    };
    const place = async (name: string): Promise<string> =>
      (await lab.room.exec(name, ['readlink', '/proc/self/ns/net'])).stdout;

    it('changes the version; machine, address, port and the rest of the app stay', async () => {
      const { machine: first, name, other } = await machineFor('webapp1');
      const home = await place(name);
      const second = await lab.room.deploy(name, { version: other, env: { SITE: 'shop' } });
      assert.deepEqual(second, { ...first, version: other, pid: second.pid });
      assert.notEqual(second.pid, first.pid);
      assert.equal(await place(name), home);
      const { answer } = await lab.visit(second);
      assert.match(answer, new RegExp(`x-relais-version: ${other}`, 'i'));
      assert.match(answer, /x-relais-site: shop/i);
      const names = [...(await lab.room.logs(name)).matchAll(/(\S+) is started/g)];
      assert.equal(new Set(names.map(match => match[1])).size, 1, 'NAME_SEED is kept');
    });

    it('lets requests end, and takes new ones when it is done', async () => {
      const { machine, name, other } = await machineFor('webapp2');
      // Where machines are emulated, it takes a second or two until the app is told to end, and to
      // make a page; four are what the app gives its requests then.
      const delayMs = shared ? 2_500 : 1_500;
      await lab.room.knobs(name, { delayMs });
      const late = await askForPage(machine);
      const deployed = await lab.room.deploy(name, { version: other });
      assert.deepEqual(await late.answer, { version: machine.version, isWhole: true });
      const fresh = await lab.visit(deployed, shared ? PATIENT_MS : delayMs - 100);
      const isFresh = new RegExp(`x-relais-version: ${other}`, 'i');
      assert.match(fresh.answer, isFresh, 'knobs end with the app that had them');
      assert.deepEqual([deployed.failures, deployed.knobs], [[], undefined]);
    });

    it('leaves the app alone that runs already', async () => {
      const { machine, name } = await machineFor('webapp3');
      assert.deepEqual(await lab.room.deploy(name, { version: machine.version }), machine);
      assert.deepEqual(await lab.room.deploy(name, {}), machine);
    });

    it('is what the machine comes back with', async () => {
      const { name, other } = await machineFor('webapp4');
      await lab.room.deploy(name, { version: other });
      await lab.room.fail(name, 'crash');
      await lab.room.heal(name);
      assert.equal(await version(name), other);
    });

    for (const how of ['crash', 'freeze'] as const) {
      it(`ends ${how}`, async () => {
        const { name, other } = await machineFor(how);
        await lab.room.fail(name, how);
        const { failures, appRunning } = await lab.room.deploy(name, { version: other });
        assert.deepEqual([failures, appRunning], [[], true]);
        assert.equal(await version(name), other);
      });
    }

    it('says why an app does not start; the machine waits for a better one', async () => {
      const { name, machine } = await machineFor('webapp5');
      await assert.rejects(
        lab.room.deploy(name, { version: 'v99' }),
        rejectsWith('VM_APP_FAILED', new RegExp(`${name}.*VERSION=v99 does not exist`, 's')),
      );
      const empty = await statusOf(lab, name);
      assert.deepEqual([empty?.state, empty?.appRunning], ['running', false]);
      const better = await lab.room.deploy(name, { version: machine.version });
      assert.notEqual(better.pid, machine.pid);
      assert.equal(await version(name), machine.version);
    });

    it('is refused where nobody can get to', async () => {
      const { machine } = await machineFor('away');
      await lab.room.fail('away', 'blackhole');
      const deploy = () => lab.room.deploy('away', { version: 'v2' });
      await assert.rejects(deploy(), rejectsWith('VM_NOT_RUNNING', /cannot be reached; heal away/));
      await lab.room.heal('away');
      assert.equal(await version('away'), machine.version);
      await lab.room.halt('away');
      await assert.rejects(deploy(), rejectsWith('VM_NOT_RUNNING', /away is powered off/));
      const unknown = lab.room.deploy('awya', { version: 'v2' });
      await assert.rejects(unknown, rejectsWith('VM_UNKNOWN', /Did you mean "away"/));
    });
  });
}

interface LateAnswer {
  /** Of the app that gave it. */
  readonly version: unknown;
  readonly isWhole: boolean;
}

/** Resolves when the app has read the request, as its 100 says (RFC 9110 §10.1.1). */
async function askForPage(machine: MachineStatus): Promise<{ answer: Promise<LateAnswer> }> {
  const request = http.request(`http://${machine.forwarded}/`, {
    headers: { expect: '100-continue' },
    agent: false,
  });
  const answer = once(request, 'response').then(async ([response]) => {
    for await (const _ of response) void _;
    return { version: response.headers['x-relais-version'], isWhole: response.complete };
  });
  await once(request.end(), 'continue');
  return { answer };
}
