/** What a client sees of each failure: on a real network, and where it is only imitated. */
import assert from 'node:assert/strict';
import type { FailureVerb, MachineStatus } from '../../../vms/machine.ts';
import type { Fidelity } from '../../../vms/provider.ts';
import type { Seen } from '../../support/machines.ts';

type Claim = (seen: Seen) => void;

interface Sight {
  /** How long the client waits. */
  readonly waitMs: number;
  readonly holds: Claim;
}

export interface Expectation {
  readonly how: FailureVerb;
  readonly real: Sight;
  readonly imitated?: Sight;
  /** Where no address can be made to swallow connects. */
  readonly refusing?: Sight;
  readonly status: Partial<MachineStatus>;
}

function sees(outcome: string, connected: boolean): Claim {
  return seen => assert.deepEqual([seen.outcome, seen.connected], [outcome, connected]);
}

export const EXPECTATIONS: readonly Expectation[] = [
  {
    how: 'crash',
    real: { waitMs: 2_000, holds: sees('ECONNREFUSED', false) },
    status: { state: 'running', appRunning: false, pid: undefined },
  },
  {
    how: 'power-off',
    real: {
      waitMs: 15_000,
      holds: seen => {
        sees('EHOSTUNREACH', false)(seen);
        assert.ok(seen.ms > 1_500, `unreachable after ${seen.ms} ms: too early for a failed ARP`);
      },
    },
    imitated: { waitMs: 4_000, holds: sees('silent', false) },
    refusing: { waitMs: 2_000, holds: sees('ECONNREFUSED', false) },
    status: { state: 'poweroff', appRunning: false, forwarded: undefined },
  },
  {
    // Longer than ARP takes to fail: silence must not turn into "unreachable".
    how: 'blackhole',
    real: { waitMs: 6_000, holds: sees('silent', false) },
    refusing: { waitMs: 1_000, holds: sees('silent', true) },
    status: { state: 'running', appRunning: true },
  },
  {
    how: 'freeze',
    real: { waitMs: 1_000, holds: sees('silent', true) },
    status: { state: 'running', appRunning: true },
  },
  {
    how: 'slow',
    real: {
      waitMs: 15_000,
      holds: seen => {
        sees('200', true)(seen);
        assert.ok(seen.ms > 1_900, `answered after ${seen.ms} ms`);
      },
    },
    status: { state: 'running', appRunning: true },
  },
  {
    how: 'error',
    real: { waitMs: 5_000, holds: sees('500', true) },
    status: { state: 'running', appRunning: true },
  },
];

export function sightOf(expectation: Expectation, fidelity: Fidelity): Sight {
  if (fidelity.kind === 'real') return expectation.real;
  const swallows = fidelity.how.includes('swallows');
  return (swallows ? expectation.imitated : expectation.refusing) ?? expectation.real;
}
