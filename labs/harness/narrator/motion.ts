/** The moving line: who served how many requests, and who was busy just now. Pure. */

import type { HistoryRecord, RequestRecord } from '../history.ts';
import { isFailed } from '../judge/evidence.ts';
import type { Language } from '../text.ts';

/** A machine that served this recently is drawn as busy. */
const BUSY_MS = 600;

export interface Motion {
  readonly served: ReadonlyMap<string, { readonly count: number; readonly busy: boolean }>;
  readonly total: number;
  readonly failed: number;
}

export class MotionCounter {
  readonly #visitors: ReadonlySet<string>;
  readonly #served = new Map<string, { count: number; lastAt: number }>();
  #total = 0;
  #failed = 0;

  constructor(visitors: readonly string[]) {
    this.#visitors = new Set(visitors);
  }

  count(record: HistoryRecord): void {
    if (record.kind !== 'request' || !this.#visitors.has(record.visitor)) return;
    this.#total += 1;
    if (isFailed(record)) this.#failed += 1;
    else this.#countServed(record);
  }

  at(now: number): Motion {
    const served = [...this.#served]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { count, lastAt }]) => [name, { count, busy: now - lastAt < BUSY_MS }] as const);
    return { served: new Map(served), total: this.#total, failed: this.#failed };
  }

  #countServed(record: RequestRecord): void {
    const name = record.machine ?? 'proxy';
    const count = (this.#served.get(name)?.count ?? 0) + 1;
    this.#served.set(name, { count, lastAt: record.at });
  }
}

export function motionText({ served, total, failed }: Motion, language: Language): string {
  const machines = [...served].map(
    ([name, { count, busy }]) => `${name} ${busy ? '●' : '○'} ${count}`,
  );
  const failures =
    language === 'fr'
      ? `${total} requêtes, ${failed} en échec`
      : `${total} requests, ${failed} failed`;
  return [...machines, failures].join('  ');
}
