/** What visitors were answered: one of them lately, one of them always, any of them ever. */
import type { RequestRecord } from '../history.ts';
import type { AnswerLook, Probe } from '../probes.ts';
import {
  describeRequest,
  type Evidence,
  type Judgement,
  judgement,
  requestsOfStep,
  requestsSinceActed,
} from './evidence.ts';

type Of<K extends Probe['kind']> = Extract<Probe, { kind: K }>;

function tooFew(visitor: string, have: number, want: number): Judgement {
  return judgement(
    'unknown',
    `${have} of ${want} requests of ${visitor} yet`,
    `${have} requêtes de ${visitor} sur ${want} pour l’instant`,
  );
}

export function judgeSees(evidence: Evidence, { visitor, look, requests }: Of<'sees'>): Judgement {
  const own = requestsSinceActed(evidence).filter(one => one.visitor === visitor);
  if (own.length < requests) return tooFew(visitor, own.length, requests);
  const latest = own.slice(-requests);
  const other = latest.findLast(request => !looksSo(request, look));
  const shown = other ?? latest.at(-1);
  const seen = shown === undefined ? '–' : describeRequest(shown);
  return judgement(other === undefined ? 'pass' : 'fail', seen, seen, [...latest].reverse());
}

function looksSo(request: RequestRecord, look: AnswerLook): boolean {
  const { status, machine, version, site, retryAfter } = look;
  if (status !== undefined && request.status !== status) return false;
  if (machine !== undefined && request.machine !== machine) return false;
  if (site !== undefined && request.headers?.['x-relais-site'] !== site) return false;
  const wait = request.headers?.['retry-after'];
  if (retryAfter !== undefined && wait !== String(retryAfter)) return false;
  return version === undefined || request.version === version;
}

export function judgeSticky(evidence: Evidence, { visitor, requests }: Of<'sticky'>): Judgement {
  const own = requestsSinceActed(evidence)
    .filter(one => one.visitor === visitor)
    .slice(-requests);
  const machines = [...new Set(own.map(({ machine }) => machine ?? '–'))];
  const names = machines.join(', ');
  if (machines.length > 1) {
    const strays = own.filter(({ machine }) => machine !== own[0]?.machine);
    return judgement('fail', `${visitor} met ${names}`, `${visitor} a rencontré ${names}`, strays);
  }
  if (own.length < requests) return tooFew(visitor, own.length, requests);
  return judgement(
    'pass',
    `${visitor} met ${names} ${own.length} times in a row`,
    `${visitor} a rencontré ${names} ${own.length} fois de suite`,
    own.slice(-3),
  );
}

export function judgeAnswered(evidence: Evidence, { code, atLeast }: Of<'answered'>): Judgement {
  const requests = requestsOfStep(evidence);
  const such = requests.filter(({ status }) => status === code);
  const [count, total] = [such.length, requests.length];
  return judgement(
    count >= atLeast ? 'pass' : 'fail',
    `${count} of ${total} requests were answered ${code}`,
    `${count} requêtes sur ${total} ont reçu ${code}`,
    such.slice(0, 4),
  );
}
