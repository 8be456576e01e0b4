/** The visitors' requests as a learner sees them go by: the latest, and how many of whom. */
import type { HistoryRecord, RequestRecord } from '../harness/history.ts';
import { isFailed } from '../harness/judge/evidence.ts';
import type { LearnView, RibbonMark } from './learn-view.ts';

const MOST_MARKS = 60;
/** Whoever waits longer has noticed it. */
const SLOW_MS = 1_000;
const SERVED_MS = 3_000;

export class RequestRibbon {
  readonly #visitors: readonly string[];
  #latest: readonly RequestRecord[] = [];
  #recent: RequestRecord[] = [];
  #total = 0;
  #failed = 0;

  constructor(visitors: readonly string[]) {
    this.#visitors = visitors;
  }

  take(record: HistoryRecord): void {
    if (record.kind !== 'request' || !this.#visitors.includes(record.visitor)) return;
    this.#total += 1;
    if (isFailed(record)) this.#failed += 1;
    this.#latest = [...this.#latest.slice(1 - MOST_MARKS), record];
    this.#recent.push(record);
  }

  get marks(): readonly RibbonMark[] {
    return this.#latest.map(mark);
  }

  get counts(): LearnView['requests'] {
    return { total: this.#total, failed: this.#failed };
  }

  /** Requests that each machine answered in the last three seconds. */
  served(now: number): ReadonlyMap<string, number> {
    this.#recent = this.#recent.filter(({ at }) => at > now - SERVED_MS);
    const counts = new Map<string, number>();
    for (const { machine } of this.#recent) {
      if (machine !== undefined) counts.set(machine, (counts.get(machine) ?? 0) + 1);
    }
    return counts;
  }
}

function mark(request: RequestRecord): RibbonMark {
  const { visitor, machine, version, status } = request;
  return { visitor, outcome: outcomeOf(request), machine, version, status };
}

function outcomeOf({ status, durationMs }: RequestRecord): RibbonMark['outcome'] {
  if (status === undefined) return 'lost';
  if (status >= 400) return 'error';
  return durationMs >= SLOW_MS ? 'slow' : 'answered';
}
