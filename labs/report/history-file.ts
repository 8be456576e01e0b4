/** history.ndjson of a run, read line by line: whatever is no record is told with its line. */
import { readFile } from 'node:fs/promises';
import { LabError } from '../harness/errors.ts';
import type { HistoryRecord } from '../harness/history.ts';

type Kind = HistoryRecord['kind'];
type KeysOf<K extends Kind> = readonly (keyof Extract<HistoryRecord, { kind: K }>)[];

/** Without these a record cannot be judged. */
const required: { readonly [K in Kind]: KeysOf<K> } = {
  request: ['visitor', 'keepAlive', 'number', 'startedAt', 'durationMs'],
  page: ['visitor', 'url', 'status', 'reason', 'text'],
  connect: ['machine', 'address', 'outcome', 'durationMs'],
  machine: ['machine', 'state', 'failures', 'address', 'version'],
  log: ['source', 'line'],
  'proxy-event': ['event'],
  proxy: ['mainPid', 'workerPids', 'backends'],
  action: ['step', 'command', 'phase'],
  step: ['step', 'phase'],
};

export function isKindOfRecord(kind: string): boolean {
  return Object.hasOwn(required, kind);
}

/** Throws a LabError that names the first line that is no record, or is older than the one before. */
export async function readHistory(file: string): Promise<readonly HistoryRecord[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const records: HistoryRecord[] = [];
  for (const [index, line] of lines.entries()) {
    const record = parseRecord(line);
    const problem = typeof record === 'string' ? record : disorder(record, records.at(-1));
    if (problem !== undefined) throw damaged(file, index + 1, problem);
    if (typeof record !== 'string') records.push(record);
  }
  return records;
}

function parseRecord(line: string): HistoryRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'it is not JSON, or was cut off';
  }
  if (typeof value !== 'object' || value === null) return 'it is no record';
  const { kind, at } = value as { readonly kind?: unknown; readonly at?: unknown };
  if (typeof kind !== 'string' || !isKindOfRecord(kind))
    return `"${String(kind)}" is no kind of record`;
  if (typeof at !== 'number' || !(at >= 0)) return 'it does not say when ("at")';
  const missing = required[kind as Kind].find(key => !Object.hasOwn(value, key));
  return missing === undefined ? (value as HistoryRecord) : `a ${kind} without "${missing}"`;
}

function disorder(record: HistoryRecord, before: HistoryRecord | undefined): string | undefined {
  if (before === undefined || record.at >= before.at) return undefined;
  return 'it is older than the line before';
}

function damaged(file: string, line: number, problem: string): LabError {
  return new LabError('LAB_ENVIRONMENT', `${file}, line ${line} cannot be used: ${problem}.`);
}
