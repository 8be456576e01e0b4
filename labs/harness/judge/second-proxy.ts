/**
 * Which part of the latest requests to the second proxy a version answered. They come one after
 * the other and from nobody else, so that a share can be exact.
 */
import { SECOND_PROXY } from '../actions.ts';
import type { Probe } from '../probes.ts';
import { directVisitor } from './direct.ts';
import { type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

export function judgeSecondProxy(
  evidence: Evidence,
  { version, percent, requests }: Extract<Probe, { kind: 'second-proxy' }>,
): Judgement {
  const port = String(evidence.forwardedPorts[SECOND_PROXY]);
  const asked = recordsOf(evidence, 'request', evidence.actedAt).filter(
    ({ visitor }) => visitor === directVisitor(SECOND_PROXY),
  );
  const latest = asked.at(-1);
  if (latest === undefined) {
    return judgement('unknown', `port ${port} was not tried`, `port ${port} pas encore essayé`);
  }
  if (latest.status !== 200) {
    const got = latest.error ?? `status ${latest.status}`;
    const decidedBy = [latest];
    return judgement(
      'fail',
      `port ${port} gave ${got}`,
      `le port ${port} a donné ${got}`,
      decidedBy,
    );
  }
  const window = asked.slice(-requests);
  const answered = window.filter(({ status }) => status === 200).length;
  if (answered < requests) {
    return judgement(
      'unknown',
      `${answered} of the ${requests} requests that are counted`,
      `${answered} requêtes sur les ${requests} à compter`,
    );
  }
  const own = window.filter(one => one.version === version).length;
  return judgement(
    own * 100 === percent * requests ? 'pass' : 'fail',
    `port ${port}: ${version} answered ${own} of ${requests}`,
    `port ${port} : ${version} a répondu à ${own} sur ${requests}`,
    window,
  );
}
