/** Was the latest request of every visitor answered with this status? */
import {
  type Evidence,
  type Judgement,
  judgement,
  latestPerVisitor,
  requestsSinceActed,
} from './evidence.ts';

export function judgeStatus(evidence: Evidence, code: number): Judgement {
  const latest = latestPerVisitor(requestsSinceActed(evidence));
  const silent = evidence.visitors.filter(visitor => !latest.has(visitor));
  if (silent.length > 0 || latest.size === 0) {
    const who = silent.join(', ');
    return judgement('unknown', `no request of ${who} yet`, `pas encore de requête de ${who}`);
  }
  const other = [...latest.values()].find(request => request.status !== code);
  if (other === undefined) {
    return judgement('pass', `everybody gets ${code}`, `tout le monde reçoit ${code}`, [
      ...latest.values(),
    ]);
  }
  const got = other.status ?? other.error ?? '?';
  const who = `${other.visitor} #${other.number}`;
  return judgement(
    'fail',
    `${who} got ${got}, expected ${code}`,
    `${who} a reçu ${got}, attendu ${code}`,
    [other],
  );
}
