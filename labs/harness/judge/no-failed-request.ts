/** Did every visitor request that ended in the step get a complete answer below 500? */
import {
  describeFailure,
  type Evidence,
  isFailed,
  type Judgement,
  judgement,
  recordsOf,
} from './evidence.ts';

/**
 * A request that had already waited this long when the step began is a victim of the time before.
 * One that was under way for less may be this step's, and is counted here, for it ended here.
 */
const OLD_MS = 1_000;

export function judgeNoFailedRequest(evidence: Evidence): Judgement {
  const since = evidence.stepStartedAt;
  const requests = recordsOf(evidence, 'request', since).filter(
    request => evidence.visitors.includes(request.visitor) && request.startedAt > since - OLD_MS,
  );
  const total = requests.length;
  if (total === 0) return judgement('unknown', 'no request yet', 'pas encore de requête');
  const failed = requests.filter(isFailed);
  const first = failed[0];
  if (first === undefined) {
    return judgement('pass', `0 failed requests of ${total}`, `0 requête en échec sur ${total}`);
  }
  const count = failed.length;
  const how = describeFailure(first);
  return judgement(
    'fail',
    `${count} failed of ${total} requests; the first: ${how}`,
    `${count} en échec sur ${total} requêtes ; la première : ${how}`,
    failed,
  );
}
