/** Tells every observed change of the world: whatever has caused it, and whoever. */

import type { Recorder } from '../harness/run/recorder.ts';
import type { Text } from '../harness/text.ts';
import {
  changesBetween,
  nothingObserved,
  type ObservedWorld,
  withRecord,
} from './observed-world.ts';

export interface ObservedChange {
  /** Of the record that showed it. */
  readonly at: number;
  readonly before: ObservedWorld;
  readonly after: ObservedWorld;
  readonly what: readonly Text[];
}

export class WorldWatch {
  readonly #listeners = new Set<(change: ObservedChange) => void>();
  readonly #stop: () => void;
  #world: ObservedWorld;

  /** What the recorder has already is no change. */
  constructor(recorder: Pick<Recorder, 'records' | 'onAppend'>) {
    this.#world = recorder.records.reduce(withRecord, nothingObserved);
    this.#stop = recorder.onAppend(record => {
      const before = this.#world;
      const after = withRecord(before, record);
      if (after === before) return;
      this.#world = after;
      const what = changesBetween(before, after);
      if (what.length === 0) return;
      for (const listener of this.#listeners) listener({ at: record.at, before, after, what });
    });
  }

  get world(): ObservedWorld {
    return this.#world;
  }

  onChange(listener: (change: ObservedChange) => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    this.#stop();
  }
}
