/**
 * The part of a long session that concerns a step: what was recorded since, and before it the last
 * word on each machine and on the proxy, and the latest requests. A session may last for hours; a
 * verdict must not take longer for that.
 */
import type { HistoryRecord } from '../harness/history.ts';
import type { Recorder } from '../harness/run/recorder.ts';

/** Older requests are of no step that begins now. */
const REQUESTS_MS = 20_000;

export class EvidenceSince {
  readonly #records: HistoryRecord[];
  readonly #stop: () => void;

  constructor(recorder: Recorder, since: number) {
    const before = recorder.records.filter(({ at }) => at < since);
    const after = recorder.records.filter(({ at }) => at >= since);
    this.#records = [...lastWords(before, since), ...after];
    this.#stop = recorder.onAppend(record => this.#records.push(record));
  }

  get records(): readonly HistoryRecord[] {
    return this.#records;
  }

  close(): void {
    this.#stop();
  }
}

function lastWords(records: readonly HistoryRecord[], since: number): readonly HistoryRecord[] {
  const last = new Map<string, HistoryRecord>();
  for (const record of records) {
    if (record.kind === 'machine') last.set(`machine ${record.machine}`, record);
    if (record.kind === 'proxy') last.set('proxy', record);
  }
  const wanted = new Set(last.values());
  return records.filter(
    record => wanted.has(record) || (record.kind === 'request' && record.at > since - REQUESTS_MS),
  );
}
