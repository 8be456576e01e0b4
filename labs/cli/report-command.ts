/** `lab report`: where the report of a run is, or the list of all runs. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { duration } from '../harness/figures.ts';
import { table } from '../harness/narrator/layout.ts';
import { type Text, t } from '../harness/text.ts';
import { renderRunsIndex } from '../report/html/runs-index.ts';
import { verdictSigns, verdictWords } from '../report/html/words.ts';
import { type PastRun, pastRuns } from '../report/past-runs.ts';
import { findRun, readRun } from '../report/run-files.ts';
import { writeDocument } from '../report/write-reports.ts';
import { EXIT } from './exit-codes.ts';
import { openFile } from './open-file.ts';
import type { Session } from './session.ts';

export interface ReportWanted {
  readonly open: boolean;
  readonly index: boolean;
}

export async function reportCommand(
  session: Session,
  run: string,
  { open, index }: ReportWanted,
): Promise<number> {
  const file = index ? await indexFile(session) : await reportFile(session, run);
  if (open) await openFile(file, session.env);
  return EXIT.pass;
}

/** A report that was deleted, or never written because the run was killed then, is written anew. */
async function reportFile(session: Session, run: string): Promise<string> {
  const folder = await findRun(session.home, run);
  const file = path.join(folder, 'report.html');
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const { result, history } = await readRun(folder);
    await writeDocument(result, history, folder);
  }
  if (session.flags.json) session.json({ folder, report: file, written: !isThere });
  else session.print(file);
  return file;
}

async function indexFile(session: Session): Promise<string> {
  const { home, flags } = session;
  const runs = await pastRuns(home);
  const folder = path.join(home, 'runs');
  const file = path.join(folder, 'index.html');
  await mkdir(folder, { recursive: true });
  await writeFile(file, renderRunsIndex(runs, flags.lang));
  if (flags.json) session.json({ index: file, runs });
  else session.print(...table(runs.map(run => row(run, session))), file);
  return file;
}

function row(run: PastRun, session: Session): readonly string[] {
  const say = (text: Text): string => session.say(text);
  if ('problem' in run) return ['?', run.name, say(t('no result', 'sans résultat'))];
  const { kind } = run.verdict;
  const took = say(duration(run.durationMs)).replaceAll('\u00A0', ' ');
  return [verdictSigns[kind], run.name, say(verdictWords[kind]), took];
}
