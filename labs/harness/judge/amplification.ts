/** How many requests machines got for each request of a visitor: what retries add to the load. */
import type { ProxyRecord } from '../history.ts';
import type { Probe } from '../probes.ts';
import { type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

/** Below that, one request more or less is too much of a difference. */
const LEAST_REQUESTS = 40;
/** The latest seconds tell how it is, not how it was. */
const WINDOW_MS = 6_000;

export function judgeAmplification(
  evidence: Evidence,
  { atLeast = 0, atMost = Number.POSITIVE_INFINITY }: Extract<Probe, { kind: 'amplification' }>,
): Judgement {
  const samples = recordsOf(evidence, 'proxy', evidence.actedAt);
  const last = samples.at(-1);
  const first = samples.find(({ at }) => at >= (last?.at ?? 0) - WINDOW_MS);
  const [from, to] = [first?.at ?? 0, last?.at ?? 0];
  const asked = recordsOf(evidence, 'request', from).filter(
    ({ at, visitor }) => at <= to && evidence.visitors.includes(visitor),
  ).length;
  if (first === undefined || last === undefined || asked < LEAST_REQUESTS) {
    return judgement('unknown', 'too few requests yet', 'encore trop peu de requêtes');
  }
  const got = sentToMachines(last) - sentToMachines(first);
  const factor = got / asked;
  const told = factor.toFixed(2);
  return judgement(
    factor >= atLeast && factor <= atMost ? 'pass' : 'fail',
    `${asked} requests of visitors became ${got} for the machines: ×${told}`,
    `${asked} requêtes de visiteurs en sont devenues ${got} pour les machines : ×${told.replace('.', ',')}`,
  );
}

function sentToMachines({ backends }: ProxyRecord): number {
  return backends.reduce((sum, { requestsTotal }) => sum + requestsTotal, 0);
}
