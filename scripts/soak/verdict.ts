/** Did the proxy hold its promises for the whole soak? Pure. */
import { mebibytes, median } from '../bench/result.ts';
import type { Tally } from './tally.ts';
import type { Holding } from './workers.ts';

export interface Evidence {
  readonly tally: Tally;
  /** Ids of POSTs in the order in which apps acted on them. */
  readonly acted: readonly string[];
  readonly before: readonly Holding[];
  /** After all visitors have left. */
  readonly after: readonly Holding[];
  /** Memory of all workers together, over time. */
  readonly rssBytes: readonly number[];
}

/** Growth of the last fifth over the second one; the first fifth is warming up. */
const MOST_GROWTH = 0.15;
/** A process needs some minutes to reach its size: fewer samples than this prove nothing. */
export const FEWEST_SAMPLES: number = 90;

export function judgeSoak(evidence: Evidence): string[] {
  const { tally } = evidence;
  const problems = tally.wrong.map(sentence => `wrong answer: ${sentence}`);
  if (tally.right < 100) problems.push(`only ${tally.right} requests were answered right`);
  return [
    ...problems,
    ...brokenConversations(tally),
    ...repeated(evidence.acted),
    ...leaks(evidence),
    ...restarts(evidence),
    ...growth(evidence.rssBytes),
  ];
}

/** A WebSocket ends with its backend, but most backends live. */
function brokenConversations({ byStatus }: Tally): string[] {
  const whole = byStatus.get('conversation') ?? 0;
  const broken = byStatus.get('broken conversation') ?? 0;
  return broken <= whole ? [] : [`${broken} conversations broke, only ${whole} came to their end`];
}

function repeated(acted: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = acted.filter(id => seen.has(id) || !seen.add(id));
  return twice.length === 0 ? [] : [`${twice.length} POSTs were acted on twice: ${twice[0]} …`];
}

function leaks({ before, after }: Evidence): string[] {
  return after.flatMap(worker => {
    const start = before.find(each => each.pid === worker.pid);
    const leaked = worker.sockets - worker.idleConnections - (start?.sockets ?? 0);
    const counted = worker.clientConnections + worker.activeRequests;
    if (start === undefined || (leaked <= 0 && counted === 0)) return [];
    return `worker ${worker.pid} still holds ${leaked} sockets and counts ${counted} clients`;
  });
}

function restarts({ before, after }: Evidence): string[] {
  const pids = new Set(before.map(worker => worker.pid));
  const fresh = after.filter(worker => !pids.has(worker.pid));
  return fresh.map(({ pid }) => `a worker died; ${pid} took its place`);
}

function growth(rssBytes: readonly number[]): string[] {
  if (rssBytes.length < FEWEST_SAMPLES) return [];
  const [early, late] = fifths(rssBytes);
  if (early === undefined || late === undefined || late <= early * (1 + MOST_GROWTH)) return [];
  return [`memory grew from ${mebibytes(early)} to ${mebibytes(late)} MiB`];
}

/** Medians of the second and of the last fifth. */
export function fifths(values: readonly number[]): [number | undefined, number | undefined] {
  const size = Math.floor(values.length / 5);
  return [median(values.slice(size, 2 * size)), median(values.slice(values.length - size))];
}
