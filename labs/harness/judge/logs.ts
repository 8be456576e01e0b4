/** Did a text get into a log, or did it stay out? */
import { duration } from '../figures.ts';
import type { LogRecord } from '../history.ts';
import type { Probe } from '../probes.ts';
import { type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

type Of<K extends Probe['kind']> = Extract<Probe, { kind: K }>;

/** A request that began before the step acted has ended by then, or it is no visitor's any more. */
const LONGEST_REQUEST_MS = 30_000;

export function judgeLogged(evidence: Evidence, probe: Of<'logged'>): Judgement {
  const { source, text, atLeast } = probe;
  const such = linesSinceActed(evidence, source).filter(({ line }) => line.includes(text));
  const count = such.length;
  return judgement(
    count >= atLeast ? 'pass' : 'fail',
    `${count} ${count === 1 ? 'line' : 'lines'} of ${source} ${count === 1 ? 'has' : 'have'} ${text}`,
    `${count} ligne${count > 1 ? 's' : ''} de ${source} avec ${text}`,
    such.slice(-3),
  );
}

/** A log that says nothing proves nothing. */
export function judgeNotLogged(evidence: Evidence, probe: Of<'not-logged'>): Judgement {
  const { source, text, lines } = probe;
  const all = linesSinceActed(evidence, source);
  const such = all.filter(({ line }) => line.includes(text));
  if (such.length > 0) {
    return judgement(
      'fail',
      `${such.length} of ${all.length} lines of ${source} have ${text}`,
      `${such.length} lignes de ${source} sur ${all.length} avec ${text}`,
      such.slice(-3),
    );
  }
  return judgement(
    all.length < lines ? 'unknown' : 'pass',
    `none of ${all.length} lines of ${source} has ${text}`,
    `aucune des ${all.length} lignes de ${source} avec ${text}`,
    all.slice(-3),
  );
}

export function judgeLogTook(evidence: Evidence, probe: Of<'log-took'>): Judgement {
  const { source, visitor, atLeastMs = 0, atMostMs = Number.POSITIVE_INFINITY, lines } = probe;
  const timed = linesSinceActed(evidence, source).filter(
    ({ durationMs, requestId = '' }) =>
      durationMs !== undefined && (visitor === undefined || requestId.startsWith(`${visitor}-`)),
  );
  const latest = timed.slice(-lines);
  const times = latest.map(({ durationMs = 0 }) => durationMs);
  const shown = times.map(time => duration(time));
  const [en, fr] = [shown.map(one => one.en).join(', '), shown.map(one => one.fr).join(', ')];
  const fits = times.every(time => time >= atLeastMs && time <= atMostMs);
  const kind = latest.length < lines ? 'unknown' : fits ? 'pass' : 'fail';
  return judgement(kind, `${source}: ${en || '–'}`, `${source} : ${fr || '–'}`, latest);
}

/**
 * A line is written when its request has ended, and read a moment later: what counts is when the
 * request began, as the visitor tells.
 */
export function linesSinceActed(evidence: Evidence, source: string): readonly LogRecord[] {
  const { actedAt, visitors } = evidence;
  const requests = recordsOf(evidence, 'request', actedAt - LONGEST_REQUEST_MS);
  const begun = new Map(requests.map(({ requestId, startedAt }) => [requestId, startedAt]));
  const isOurs = (id: string): boolean => visitors.some(name => id.startsWith(`${name}-`));
  return recordsOf(evidence, 'log', actedAt).filter(line => {
    if (line.source !== source) return false;
    if (line.requestId === undefined || !isOurs(line.requestId)) return true;
    return (begun.get(line.requestId) ?? 0) >= actedAt;
  });
}
