/** Keys of a config file that a running proxy cannot take: they need a start, or an upgrade. */
import { isDeepStrictEqual } from 'node:util';
import type { Settings } from './settings.ts';

const keys: Readonly<Partial<Record<keyof Settings, string>>> = {
  commandSocket: 'command_socket',
  workerCount: 'worker_count',
  workerTimeoutMs: 'worker_timeout',
  orphanTimeoutMs: 'orphan_timeout',
  savedState: 'saved_state',
  automaticStateSave: 'automatic_state_save',
};

/** One sentence for each of them that is another than at the start. */
export function restartSentences(running: Settings, wanted: Settings): string[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const field = name as keyof Settings;
    const [now, then] = [running[field], wanted[field]];
    if (isDeepStrictEqual(now, then)) return [];
    return `${key}: ${show(now)} → ${show(then)} needs a restart of the proxy`;
  });
}

function show(value: unknown): string {
  return value === undefined ? 'none' : String(value);
}
