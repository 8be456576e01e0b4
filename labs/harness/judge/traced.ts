/** Can requests be followed through several logs, by one id or by one trace? */
import type { LogRecord } from '../history.ts';
import type { Probe } from '../probes.ts';
import { type Evidence, type Judgement, judgement, requestsSinceActed } from './evidence.ts';
import { linesSinceActed } from './logs.ts';

type TracedProbe = Extract<Probe, { kind: 'traced' }>;

export function judgeTraced(evidence: Evidence, probe: TracedProbe): Judgement {
  const { visitor, by, sources, requests } = probe;
  const logs = sources.map(source => linesById(linesSinceActed(evidence, source)));
  const met = requestsSinceActed(evidence)
    .filter(one => one.visitor === visitor)
    .map(({ requestId = '' }): Followed => {
      const without = sources.filter((_, index) => !logs[index]?.has(requestId));
      return { requestId, without, lines: logs.flatMap(log => log.get(requestId) ?? []) };
    });
  const everywhere = met.filter(({ without }) => without.length === 0);
  const kept = by === 'request' ? everywhere : everywhere.filter(isOneTrace);
  const last = kept.at(-1);
  if (last === undefined || kept.length < requests) return notYet(met);
  const shared = by === 'request' ? last.requestId : last.lines[0]?.traceId;
  const names = sources.join(', ');
  return judgement('pass', `${shared} in ${names}`, `${shared} dans ${names}`, last.lines);
}

/** A request of the visitor, and what the logs have of it. */
interface Followed {
  readonly requestId: string;
  readonly without: readonly string[];
  readonly lines: readonly LogRecord[];
}

function isOneTrace({ lines }: Followed): boolean {
  const traces = new Set(lines.map(({ traceId }) => traceId));
  return traces.size === 1 && !traces.has(undefined);
}

/** Told of the request that got furthest: later ones are still on their way into the logs. */
function notYet(met: readonly Followed[]): Judgement {
  const best = met.reduce<Followed | undefined>(
    (one, other) => (one !== undefined && one.without.length < other.without.length ? one : other),
    undefined,
  );
  if (best === undefined) return judgement('unknown', 'no request yet', 'pas encore de requête');
  const { requestId, without, lines } = best;
  if (without.length > 0) {
    const names = without.join(', ');
    return judgement(
      'fail',
      `${requestId} is not in ${names}`,
      `${requestId} n’est pas dans ${names}`,
    );
  }
  const told = lines.map(({ source, traceId }) => `${source} ${traceId?.slice(0, 8) ?? '–'}`);
  const [en, fr] = [`traces of ${requestId}`, `traces de ${requestId}`];
  return judgement('fail', `${en}: ${told.join(', ')}`, `${fr} : ${told.join(', ')}`, lines);
}

function linesById(lines: readonly LogRecord[]): ReadonlyMap<string, readonly LogRecord[]> {
  const byId = new Map<string, LogRecord[]>();
  for (const line of lines) {
    if (line.requestId === undefined) continue;
    const others = byId.get(line.requestId);
    if (others === undefined) byId.set(line.requestId, [line]);
    else others.push(line);
  }
  return byId;
}
