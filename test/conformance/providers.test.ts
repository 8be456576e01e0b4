/** What every provider promises, tried on each that works here. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MachineError } from '../../vms/errors.ts';
import type { FailureVerb, MachineStatus } from '../../vms/machine.ts';
import { LOOPBACK_NETWORK, ONE_ADDRESS } from '../../vms/process/addresses.ts';
import { processProvider } from '../../vms/process/provider.ts';
import type { Fidelity, Provider, Readiness } from '../../vms/provider.ts';
import { PROVIDERS } from '../../vms/registry.ts';
import { openTestRoom, type Seen, type TestRoom } from '../support/machines.ts';

function testProvider(title: string, provider: Provider, state: Readiness): void {
  const skip = state.ready ? false : `${provider.name}: ${state.reason}`;
  describe(`provider ${title}`, { skip }, () => {
    testLifecycle(provider);
    testFailures(provider);
  });
}

function rejectsWith(code: MachineError['code'], message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof MachineError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

async function statusOf(lab: TestRoom, name: string): Promise<MachineStatus | undefined> {
  return (await lab.room.status()).find(machine => machine.name === name);
}

function forwardedVisit(machine: MachineStatus | undefined): Promise<string> {
  assert.ok(machine?.forwarded);
  const signal = AbortSignal.timeout(2_000);
  return fetch(`http://${machine.forwarded}/`, { signal, headers: { connection: 'close' } }).then(
    answer => answer.text(),
    () => 'dead',
  );
}

function testLifecycle(provider: Provider): void {
  describe('lifecycle', () => {
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
      const once = await lab.room.up(lab.spec('webapp1', 21));
      assert.deepEqual(await lab.room.up(lab.spec('webapp1', 21)), once);
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

interface Expectation {
  readonly how: FailureVerb;
  /** What a client sees that waits this long. */
  readonly waitMs: number;
  readonly real: (seen: Seen) => void;
  readonly imitatedWaitMs?: number;
  /** Where it is only imitated. */
  readonly imitated?: (seen: Seen) => void;
  /** Where even that needs addresses that are not there. */
  readonly onOneAddress?: (seen: Seen) => void;
  readonly status: Partial<MachineStatus>;
}

function sees(outcome: string, connected: boolean): (seen: Seen) => void {
  return seen => assert.deepEqual([seen.outcome, seen.connected], [outcome, connected]);
}

const EXPECTATIONS: readonly Expectation[] = [
  {
    how: 'crash',
    waitMs: 2_000,
    real: sees('ECONNREFUSED', false),
    status: { state: 'running', appRunning: false, pid: undefined },
  },
  {
    how: 'power-off',
    waitMs: 10_000,
    imitatedWaitMs: 4_000,
    real: seen => {
      sees('EHOSTUNREACH', false)(seen);
      assert.ok(seen.ms > 1_500, `unreachable after ${seen.ms} ms: too early for a failed ARP`);
    },
    imitated: sees('silent', false),
    onOneAddress: sees('ECONNREFUSED', false),
    status: { state: 'poweroff', appRunning: false, forwarded: undefined },
  },
  {
    // Longer than ARP takes to fail: silence must not turn into "unreachable".
    how: 'blackhole',
    waitMs: 6_000,
    real: sees('silent', false),
    onOneAddress: sees('silent', true),
    status: { state: 'running', appRunning: true },
  },
  {
    how: 'freeze',
    waitMs: 1_000,
    real: sees('silent', true),
    status: { state: 'running', appRunning: true },
  },
  {
    how: 'slow',
    waitMs: 10_000,
    real: seen => {
      sees('200', true)(seen);
      assert.ok(seen.ms > 1_900, `answered after ${seen.ms} ms`);
    },
    status: { state: 'running', appRunning: true },
  },
  {
    how: 'error',
    waitMs: 5_000,
    real: sees('500', true),
    status: { state: 'running', appRunning: true },
  },
];

async function visitFailing(
  lab: TestRoom,
  machine: MachineStatus,
  { waitMs, imitatedWaitMs, real, imitated, onOneAddress }: Expectation,
  fidelity: Fidelity,
): Promise<void> {
  const isReal = fidelity.kind === 'real';
  const seen = await lab.visit(machine, isReal ? waitMs : (imitatedWaitMs ?? waitMs));
  const hasOneAddress = !isReal && machine.address.startsWith('127.0.0.1:');
  const fallback = hasOneAddress ? onOneAddress : imitated;
  (isReal ? real : (fallback ?? real))(seen);
}

function testFailures(provider: Provider): void {
  describe('failures', () => {
    let lab: TestRoom;
    before(async () => {
      lab = await openTestRoom(provider);
      await lab.room.up(lab.spec('webapp1', 21));
      await lab.room.up(lab.spec('webapp2', 22));
    });
    after(() => lab.end());

    for (const expectation of EXPECTATIONS) {
      const { how, status } = expectation;
      it(`${how}: a client sees what it should, until the machine is healed`, async () => {
        const healthy = await statusOf(lab, 'webapp1');
        assert.ok(healthy);
        assert.equal((await lab.visit(healthy)).outcome, '200');
        const fidelity = await lab.room.fail('webapp1', how);
        assert.deepEqual(fidelity, provider.capabilities.failures[how]);
        const failed = await statusOf(lab, 'webapp1');
        assert.deepEqual(failed, { ...failed, ...status, failures: [how] });
        await visitFailing(lab, healthy, expectation, fidelity);
        const neighbour = await statusOf(lab, 'webapp2');
        assert.ok(neighbour);
        assert.equal((await lab.visit(neighbour)).outcome, '200');
        const healed = await lab.room.heal('webapp1');
        assert.deepEqual(healed.failures, []);
        assert.equal(healed.address, healthy.address);
        assert.equal((await lab.visit(healed, 1_500)).outcome, '200');
      });
    }
  });
}

const [netns] = PROVIDERS;
const candidates: readonly (readonly [string, Provider | undefined])[] = [
  ['netns', netns],
  ['process', processProvider(LOOPBACK_NETWORK)],
  ['process on one address', processProvider(ONE_ADDRESS)],
];
for (const [title, provider] of candidates) {
  assert.ok(provider);
  testProvider(title, provider, await provider.probe());
}
