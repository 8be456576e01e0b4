/** What came and went: requests that ended, their answers, bytes and times. Mergeable. */
import { emptyHistogram, Histogram, type HistogramSnapshot } from './histogram.ts';

export interface TrafficSnapshot {
  readonly requests: number;
  /** Answers by status; `none` counts requests that ended without one. */
  readonly answers: Readonly<Record<string, number>>;
  /** Answers that broke off. */
  readonly cuts: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** From a complete request head to the end of the answer. */
  readonly latency: HistogramSnapshot;
}

/** Few statuses occur: a number for each that is registered, and one for the rest of its class. */
const common = [
  101, 200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409,
  410, 412, 413, 414, 415, 416, 417, 421, 422, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503,
  504, 505, 507, 511,
];
const names: readonly string[] = ['none', ...common.map(String), '1xx', '2xx', '3xx', '4xx', '5xx'];
const SLOTS = names.length;
const slotOf: Uint8Array = Uint8Array.from({ length: 600 }, (_, status) => {
  const known = common.indexOf(status);
  if (known >= 0) return known + 1;
  return status < 100 ? 0 : common.length + Math.floor(status / 100);
});

export class Traffic {
  private requests = 0;
  private cuts = 0;
  private bytesIn = 0;
  private bytesOut = 0;
  /** Both from the first request on: thousands of backends may never see one. */
  private answers: number[] | undefined = undefined;
  private latency: Histogram | undefined = undefined;

  /** `status` 0: it ended without an answer. */
  ended(status: number, complete: boolean, ms: number, bytesIn: number, bytesOut: number): void {
    this.requests++;
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
    if (!complete && status !== 0) this.cuts++;
    let { answers, latency } = this;
    if (answers === undefined || latency === undefined) {
      answers = this.answers = new Array(SLOTS).fill(0) as number[];
      latency = this.latency = new Histogram();
    }
    const slot = slotOf[status] as number;
    answers[slot] = (answers[slot] as number) + 1;
    latency.record(ms);
  }

  clear(): void {
    this.requests = 0;
    this.cuts = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.answers = undefined;
    this.latency = undefined;
  }

  get isUnused(): boolean {
    return this.requests === 0;
  }

  snapshot(): TrafficSnapshot {
    const { requests, cuts, bytesIn, bytesOut } = this;
    const answers: Record<string, number> = {};
    for (const [slot, count] of (this.answers ?? []).entries()) {
      if (count > 0) answers[names[slot] as string] = count;
    }
    const latency = this.latency?.snapshot() ?? emptyHistogram();
    return { requests, answers, cuts, bytesIn, bytesOut, latency };
  }
}

export function mergeTraffic(parts: readonly TrafficSnapshot[]): TrafficSnapshot {
  const answers: Record<string, number> = {};
  const latency = new Histogram();
  for (const part of parts) {
    latency.merge(part.latency);
    for (const [status, count] of Object.entries(part.answers)) {
      answers[status] = (answers[status] ?? 0) + count;
    }
  }
  return {
    requests: total(parts, part => part.requests),
    answers,
    cuts: total(parts, part => part.cuts),
    bytesIn: total(parts, part => part.bytesIn),
    bytesOut: total(parts, part => part.bytesOut),
    latency: latency.snapshot(),
  };
}

/** Answers of one class, `2` for 2xx. */
export function answersOfClass({ answers }: TrafficSnapshot, digit: number): number {
  return Object.entries(answers)
    .filter(([status]) => status.startsWith(String(digit)))
    .reduce((sum, [, count]) => sum + count, 0);
}

function total<T>(parts: readonly T[], count: (part: T) => number): number {
  return parts.reduce((sum, part) => sum + count(part), 0);
}
