/** Writes what a run leaves to be read: result.json, report.html and the forms that CI systems read. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HistoryRecord } from '../harness/history.ts';
import type { RunResult } from '../harness/result.ts';
import { readEvidence } from './evidence/run-evidence.ts';
import { renderDocument } from './html/document.ts';
import { renderJunit } from './junit.ts';
import { renderSummary } from './summary.ts';
import { renderTap } from './tap.ts';

/** The same result, history and files of the run folder give the same bytes. */
export async function writeReports(
  result: RunResult,
  history: readonly HistoryRecord[],
  folder: string,
): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    'result.json': `${JSON.stringify(result, null, 2)}\n`,
    'junit.xml': renderJunit(result),
    'tap.txt': renderTap(result),
    'summary.md': renderSummary(result),
  };
  await Promise.all([
    ...Object.entries(files).map(([name, text]) => writeFile(path.join(folder, name), text)),
    writeDocument(result, history, folder),
  ]);
}

/** report.html alone. */
export async function writeDocument(
  result: RunResult,
  history: readonly HistoryRecord[],
  folder: string,
): Promise<void> {
  const evidence = await readEvidence(result, history, folder);
  const page = renderDocument(result, history, evidence);
  await writeFile(path.join(folder, 'report.html'), page);
}
