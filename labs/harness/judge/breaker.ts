/** The state of a backend's circuit breaker, as last told by an event or a sample. */
import type { BreakerState } from '../../../proxy/index.ts';
import { addressOf, type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

const stateByEvent: Readonly<Record<string, BreakerState>> = {
  'breaker-opened': 'open',
  'breaker-half-opened': 'half-open',
  'breaker-closed': 'closed',
};

const inFrench: Readonly<Record<BreakerState, string>> = {
  open: 'ouvert',
  closed: 'fermé',
  'half-open': 'à moitié ouvert',
};

interface Observation {
  readonly at: number;
  readonly state: BreakerState;
}

function observations(evidence: Evidence, address: string): readonly Observation[] {
  const told = recordsOf(evidence, 'proxy-event', evidence.stepStartedAt).flatMap(
    ({ at, event }) => {
      const state = stateByEvent[event.kind];
      return state !== undefined && event.address === address ? [{ at, state }] : [];
    },
  );
  const sampled = recordsOf(evidence, 'proxy', evidence.stepStartedAt).flatMap(record =>
    record.backends
      .filter(backend => backend.address === address)
      .map(backend => ({ at: record.at, state: backend.breaker })),
  );
  return [...told, ...sampled];
}

export function judgeBreaker(evidence: Evidence, state: BreakerState, machine: string): Judgement {
  const address = addressOf(evidence, machine);
  const latest = observations(evidence, address ?? '').reduce<Observation | undefined>(
    (last, next) => (last === undefined || next.at >= last.at ? next : last),
    undefined,
  );
  if (latest === undefined) {
    return judgement(
      'unknown',
      `the proxy said nothing about ${machine}`,
      `le proxy n’a rien dit de ${machine}`,
    );
  }
  return judgement(
    latest.state === state ? 'pass' : 'fail',
    `the breaker of ${machine} is ${latest.state}`,
    `le disjoncteur de ${machine} est ${inFrench[latest.state]}`,
  );
}
