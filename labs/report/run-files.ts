/** Finds a past run, and reads its result and history: whatever is no run is told as such. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { LabError, messageOf } from '../harness/errors.ts';
import type { HistoryRecord } from '../harness/history.ts';
import { nearest } from '../harness/nearest.ts';
import type { RunResult } from '../harness/result.ts';
import { readHistory } from './history-file.ts';
import { resultSchema } from './result-schema.ts';

export interface RunFiles {
  readonly folder: string;
  readonly result: RunResult;
  readonly history: readonly HistoryRecord[];
}

/** A folder, or the name of a run below `home`, or `latest`. Throws what to do when there is none. */
export async function findRun(home: string, run: string): Promise<string> {
  for (const folder of [path.resolve(run), path.join(home, 'runs', run)]) {
    if (run !== '' && (await isFolder(folder))) return realpath(folder);
  }
  const names = await runNames(home);
  // Where no link can be made.
  if (run === LATEST && names[0] !== undefined) return path.join(home, 'runs', names[0]);
  if (names.length === 0) throw new LabError('LAB_USAGE', NONE);
  const meant = nearest(run, names);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new LabError(
    'LAB_USAGE',
    `There is no run "${run}".${hint} \`lab report --index\` lists those that are there.`,
  );
}

const LATEST = 'latest';
const NONE = 'There is no run yet. Make one: lab run load-balance';

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}

/** The newest first by their names, which begin with the time; `latest` is a link to one of them and is left out. */
export async function runNames(home: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(home, 'runs'), { withFileTypes: true }).catch(() => []);
  const folders = entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
  return folders.sort().reverse();
}

export async function readRun(folder: string): Promise<RunFiles> {
  const result = await readResult(folder);
  const file = path.join(folder, 'history.ndjson');
  if (!(await isThere(file))) {
    throw new LabError(
      'LAB_ENVIRONMENT',
      `${folder} has no history.ndjson: nothing can be judged.`,
    );
  }
  return { folder, result, history: await readHistory(file) };
}

async function isThere(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

export async function readResult(folder: string): Promise<RunResult> {
  const file = path.join(folder, 'result.json');
  if (!(await isThere(file))) {
    throw new LabError(
      'LAB_ENVIRONMENT',
      `${folder} has no result.json: it is no run, or one that was killed before its end.`,
    );
  }
  return parseResult(await readFile(file, 'utf8'), file);
}

function parseResult(text: string, file: string): RunResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(file, `it is not JSON (${messageOf(error)})`);
  }
  const version = (value as { readonly schema?: unknown } | null)?.schema;
  if (typeof version === 'number' && version !== 1) {
    throw damaged(file, `its form has version ${version}, and this kit reads version 1`);
  }
  const parsed = resultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.');
  throw damaged(file, `${where}: ${issue?.message ?? 'it is no result'}`);
}

function damaged(file: string, problem: string): LabError {
  return new LabError('LAB_ENVIRONMENT', `${file} cannot be used: ${problem}.`);
}
