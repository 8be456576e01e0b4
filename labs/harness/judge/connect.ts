/** How the latest raw connect to a machine ended. */
import { duration } from '../figures.ts';
import type { ConnectRecord } from '../history.ts';
import { type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

const inFrench: Readonly<Record<ConnectRecord['outcome'], string>> = {
  connected: 'connecté',
  refused: 'refusé',
  unreachable: 'injoignable',
  silent: 'silence',
};

export function judgeConnect(
  evidence: Evidence,
  machine: string,
  outcomes: readonly ConnectRecord['outcome'][],
): Judgement {
  const latest = recordsOf(evidence, 'connect', evidence.stepStartedAt)
    .filter(record => record.machine === machine)
    .at(-1);
  if (latest === undefined) {
    return judgement('unknown', `${machine} was not measured`, `${machine} n’a pas été mesurée`);
  }
  const time = duration(latest.durationMs);
  return judgement(
    outcomes.includes(latest.outcome) ? 'pass' : 'fail',
    `${latest.outcome} after ${time.en}`,
    `${inFrench[latest.outcome]} au bout de ${time.fr}`,
    [latest],
  );
}
