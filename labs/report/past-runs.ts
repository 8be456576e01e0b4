/** What is left of every past run, in a line each. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { ProviderName } from '../../vms/provider.ts';
import { messageOf } from '../harness/errors.ts';
import type { RunResult } from '../harness/result.ts';
import type { Text } from '../harness/text.ts';
import type { Verdict } from '../harness/verdict.ts';
import { readResult, runNames } from './run-files.ts';

/** A run with a result that could be read. */
export interface FinishedRun {
  readonly name: string;
  readonly lab: string;
  readonly title: Text;
  readonly provider: ProviderName;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Pick<Verdict, 'kind' | 'because'>;
  readonly interrupted: boolean;
  readonly requests: RunResult['requests'];
  /** Files to read, that are there. */
  readonly files: readonly string[];
}

/** One that was killed, is still under way, or is damaged. */
export interface OtherRun {
  readonly name: string;
  readonly problem: string;
  readonly files: readonly string[];
}

export type PastRun = FinishedRun | OtherRun;

const READABLE = ['report.html', 'summary.md', 'result.json', 'junit.xml', 'history.ndjson'];

/** The newest first. */
export async function pastRuns(home: string): Promise<readonly PastRun[]> {
  const names = await runNames(home);
  return Promise.all(names.map(name => pastRun(path.join(home, 'runs', name), name)));
}

async function pastRun(folder: string, name: string): Promise<PastRun> {
  const files = await filesIn(folder);
  try {
    const { lab, title, provider, startedAt, durationMs, verdict, interrupted, requests } =
      await readResult(folder);
    const { kind, because } = verdict;
    const facts = { lab, title, provider, startedAt, durationMs, interrupted, requests };
    return { name, ...facts, verdict: { kind, because }, files };
  } catch (error) {
    return { name, problem: messageOf(error).replaceAll(`${folder}${path.sep}`, ''), files };
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const there = await Promise.all(
    READABLE.map(name =>
      access(path.join(folder, name)).then(
        () => name,
        () => undefined,
      ),
    ),
  );
  return there.filter(name => name !== undefined);
}
