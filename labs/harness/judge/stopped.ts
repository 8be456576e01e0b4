/** How the proxy was stopped, as visitors saw it: what became of the requests that were under way. */
import { counted } from '../figures.ts';
import type { RequestRecord } from '../history.ts';
import { t } from '../text.ts';
import {
  describeFailure,
  type Evidence,
  type Judgement,
  judgement,
  requestsOfStep,
} from './evidence.ts';

/** A connection that came just as the proxy went may never have been taken; that is no request cut. */
const UNDER_WAY_MS = 100;

/** Cut: they had been under way, and no complete answer came. */
export function cutRequests(requests: readonly RequestRecord[]): readonly RequestRecord[] {
  return requests.filter(
    ({ error, durationMs }) =>
      error !== undefined && !wasRefused(error) && durationMs >= UNDER_WAY_MS,
  );
}

/** Nobody listened, or an idle connection had been closed: nothing had begun. */
function wasRefused(error: string): boolean {
  return error === 'ECONNREFUSED' || error.endsWith('on a reused connection');
}

export function judgeCut(evidence: Evidence, atLeast: number): Judgement {
  const requests = requestsOfStep(evidence);
  const cut = cutRequests(requests);
  const count = cut.length;
  return judgement(
    count >= atLeast ? 'pass' : 'fail',
    `${count} of ${requests.length} requests were cut off under way`,
    `${count} requêtes sur ${requests.length} ont été coupées en cours de route`,
    cut,
  );
}

interface Stop {
  /** The first that found nobody. */
  readonly first: RequestRecord;
  /** All that ended behind the stop before this one. */
  readonly around: readonly RequestRecord[];
}

export function judgeStopped(evidence: Evidence, how: 'soft' | 'hard'): Judgement {
  const stop = latestStop(requestsOfStep(evidence));
  if (stop === undefined) {
    return judgement(
      'fail',
      'the proxy was not stopped: it turned nobody away',
      'le proxy n’a pas été arrêté : il n’a refusé personne',
    );
  }
  const cut = cutRequests(stop.around);
  const whole = stop.around.filter(
    ({ status, startedAt, at }) =>
      status !== undefined && startedAt < stop.first.startedAt && at > stop.first.startedAt,
  );
  const [first] = cut;
  if (first !== undefined) {
    const told = `${cut.length} cut off, the first: ${describeFailure(first)}`;
    const dit = `${cut.length} coupées, la première : ${describeFailure(first)}`;
    return judgement(how === 'hard' ? 'pass' : 'fail', told, dit, cut);
  }
  const ended = counted(whole.length, t('request', 'requête'), t('requests', 'requêtes'));
  return judgement(
    how === 'soft' && whole.length > 0 ? 'pass' : 'fail',
    `${ended.en} under way ended whole, none was cut`,
    `${ended.fr} en cours se sont bien terminées, aucune n’a été coupée`,
    [...whole, stop.first],
  );
}

/** Requests that found nobody belong to one stop as long as none that began between them was answered. */
function latestStop(requests: readonly RequestRecord[]): Stop | undefined {
  const begun = [...requests].sort((a, b) => a.startedAt - b.startedAt);
  let first: RequestRecord | undefined;
  let isOver = true;
  let before = 0;
  let latestRefused = 0;
  for (const request of begun) {
    if (request.error === 'ECONNREFUSED') {
      if (isOver) [first, before] = [request, latestRefused];
      isOver = false;
      latestRefused = request.at;
    } else if (request.status !== undefined) isOver = true;
  }
  if (first === undefined) return undefined;
  return { first, around: begun.filter(({ at }) => at > before) };
}
