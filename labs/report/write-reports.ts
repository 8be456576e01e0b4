/** Writes what a run leaves to be read: result.json, junit.xml and report.html. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HistoryRecord } from '../harness/history.ts';
import type { RunResult } from '../harness/result.ts';
import { renderDocument } from './html/document.ts';
import type { Shots } from './html/shots.ts';
import { renderJunit } from './junit.ts';

/** The same result, history and screenshots give the same bytes. */
export async function writeReports(
  result: RunResult,
  history: readonly HistoryRecord[],
  folder: string,
): Promise<void> {
  const shots = await readShots(result, folder);
  await Promise.all([
    writeFile(path.join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`),
    writeFile(path.join(folder, 'junit.xml'), renderJunit(result)),
    writeFile(path.join(folder, 'report.html'), renderDocument(result, history, shots)),
  ]);
}

async function readShots(result: RunResult, folder: string): Promise<Shots> {
  const shots = new Map<string, string>();
  for (const { file } of result.steps.flatMap(step => step.shots)) {
    const picture = await readInside(folder, file);
    if (picture !== undefined) shots.set(file, picture);
  }
  return shots;
}

/** A report shows pictures of its own run only; a missing one is told in the page. */
async function readInside(folder: string, file: string): Promise<string | undefined> {
  const relative = path.relative(folder, path.resolve(folder, file));
  if (relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  try {
    return (await readFile(path.join(folder, relative))).toString('base64');
  } catch {
    return undefined;
  }
}
