/** What lies in a run folder besides its result and its history, read for a report. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HistoryRecord } from '../../harness/history.ts';
import type { RunResult } from '../../harness/result.ts';
import { ACCESS_LOG } from '../../stage/proxy-config.ts';
import { type ConfigFile, readConfigFiles } from './config-files.ts';
import { type ProxyLog, readProxyLog } from './proxy-log.ts';

/** PNG files in base64 by their path inside the run folder; one that is missing could not be read. */
export type Shots = ReadonlyMap<string, string>;

export interface RunEvidence {
  readonly shots: Shots;
  readonly proxyLog: ProxyLog;
  readonly configFiles: readonly ConfigFile[];
}

export async function readEvidence(
  result: RunResult,
  history: readonly HistoryRecord[],
  folder: string,
): Promise<RunEvidence> {
  const proxy = path.join(folder, 'proxy');
  const ids = history.flatMap(record =>
    record.kind === 'request' ? (record.requestId ?? []) : [],
  );
  const [shots, proxyLog, configFiles] = await Promise.all([
    readShots(result, folder),
    readProxyLog(path.join(proxy, ACCESS_LOG), new Set(ids)),
    readConfigFiles(proxy),
  ]);
  return { shots, proxyLog, configFiles };
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
