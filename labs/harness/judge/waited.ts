/** How long visitors waited since the step began: the longest wait is within bounds. */
import { duration } from '../figures.ts';
import type { RequestRecord } from '../history.ts';
import type { Probe } from '../probes.ts';
import { type Evidence, type Judgement, judgement, requestsOfStep } from './evidence.ts';

export function judgeWaited(
  evidence: Evidence,
  {
    atLeastMs = 0,
    atMostMs = Number.POSITIVE_INFINITY,
    visitor,
  }: Extract<Probe, { kind: 'waited' }>,
): Judgement {
  const longest = requestsOfStep(evidence)
    .filter(one => visitor === undefined || one.visitor === visitor)
    .reduce<RequestRecord | undefined>(
      (most, one) => (most === undefined || one.durationMs > most.durationMs ? one : most),
      undefined,
    );
  if (longest === undefined) {
    return judgement('unknown', 'no request yet', 'pas encore de requête');
  }
  const time = duration(longest.durationMs);
  const who = `${longest.visitor} #${longest.number}`;
  const within = longest.durationMs >= atLeastMs && longest.durationMs <= atMostMs;
  return judgement(
    within ? 'pass' : 'fail',
    `the longest wait was ${time.en} (${who})`,
    `l’attente la plus longue a été de ${time.fr} (${who})`,
    [longest],
  );
}
