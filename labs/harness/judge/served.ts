/** Which machines served the visitors: every one of these, only these, or none of these. */
import type { RequestRecord } from '../history.ts';
import {
  type Evidence,
  type Judgement,
  judgement,
  latestPerVisitor,
  requestsSinceActed,
} from './evidence.ts';

function countByMachine(evidence: Evidence): Map<string, number> {
  const counts = new Map<string, number>();
  for (const request of requestsSinceActed(evidence)) {
    if (request.machine === undefined) continue;
    counts.set(request.machine, (counts.get(request.machine) ?? 0) + 1);
  }
  return counts;
}

function firstOfEach(evidence: Evidence, machines: readonly string[]): readonly RequestRecord[] {
  const requests = requestsSinceActed(evidence);
  return machines.flatMap(name => requests.find(({ machine }) => machine === name) ?? []);
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ') || '–';
}

function everyOf(evidence: Evidence, machines: readonly string[]): Judgement {
  const counts = countByMachine(evidence);
  const idle = machines.filter(name => !counts.has(name));
  const seen = list(counts);
  if (idle.length === 0) {
    const first = firstOfEach(evidence, machines);
    return judgement('pass', `requests: ${seen}`, `requêtes : ${seen}`, first);
  }
  const missing = idle.join(', ');
  const kind = requestsSinceActed(evidence).length === 0 ? 'unknown' : 'fail';
  return judgement(
    kind,
    `${missing} served no request (${seen})`,
    `${missing} n’a servi aucune requête (${seen})`,
  );
}

/** The latest request of each visitor tells; older ones may belong to the time before. */
function onlyOf(evidence: Evidence, machines: readonly string[]): Judgement {
  const latest = latestPerVisitor(requestsSinceActed(evidence));
  const silent = evidence.visitors.filter(visitor => !latest.has(visitor));
  if (silent.length > 0 || latest.size === 0) {
    const who = silent.join(', ');
    return judgement('unknown', `no request of ${who} yet`, `pas encore de requête de ${who}`);
  }
  const stranger = [...latest.values()].find(
    ({ machine }) => machine === undefined || !machines.includes(machine),
  );
  const names = machines.join(', ');
  if (stranger === undefined) {
    return judgement('pass', `everybody sees ${names}`, `tout le monde voit ${names}`, [
      ...latest.values(),
    ]);
  }
  const by = stranger.machine ?? stranger.error ?? `status ${stranger.status}`;
  const who = `${stranger.visitor} #${stranger.number}`;
  return judgement('fail', `${who} was answered by ${by}`, `${who} a reçu la réponse de ${by}`, [
    stranger,
  ]);
}

/** Strict: one request is enough to fail; without traffic nothing is proved. */
function noneOf(evidence: Evidence, machines: readonly string[]): Judgement {
  const requests = requestsSinceActed(evidence);
  const culprit = requests.find(
    ({ machine }) => machine !== undefined && machines.includes(machine),
  );
  const names = machines.join(', ');
  if (culprit !== undefined) {
    const by = culprit.machine;
    const who = `${culprit.visitor} #${culprit.number}`;
    return judgement('fail', `${who} still went to ${by}`, `${who} est encore allé sur ${by}`, [
      culprit,
    ]);
  }
  const total = requests.length;
  if (total === 0) return judgement('unknown', 'no request yet', 'pas encore de requête');
  return judgement(
    'pass',
    `none of ${total} requests went to ${names}`,
    `aucune des ${total} requêtes n’est allée sur ${names}`,
  );
}

export function judgeServed(
  evidence: Evidence,
  by: 'every' | 'only' | 'none',
  machines: readonly string[],
): Judgement {
  if (by === 'every') return everyOf(evidence, machines);
  return by === 'only' ? onlyOf(evidence, machines) : noneOf(evidence, machines);
}
