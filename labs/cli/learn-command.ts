/** `lab learn`: a lab done by hand, at the learner's own pace, from where they were. */
import path from 'node:path';
import { LabError } from '../harness/errors.ts';
import type { Lab } from '../harness/lab.ts';
import { unknownName } from '../harness/nearest.ts';
import type { RunResult } from '../harness/result.ts';
import { type Language, t } from '../harness/text.ts';
import { frontFor } from '../learn/open-front.ts';
import { changeProgress, progressOfLab, readProgress } from '../learn/progress.ts';
import { type Learner, runLearn } from '../learn/run-learn.ts';
import { chooseLab, setAsideNotice } from './choose-lab.ts';
import { EXIT } from './exit-codes.ts';
import { realParts } from './real-parts.ts';
import { labNamed } from './run-command.ts';
import { narratorOf, type Session } from './session.ts';
import { shellLine } from './shell-command.ts';

export interface LearnWanted {
  readonly from?: string;
  /** Nobody has said which language. */
  readonly anyLanguage: boolean;
}

/** Ending it is no failure, whatever is left to do. */
export async function learnCommand(
  session: Session,
  name: string | undefined,
  { from, anyLanguage }: LearnWanted,
): Promise<number> {
  const read = readProgress(session.home);
  const usual = (anyLanguage ? read.progress.language : undefined) ?? session.flags.lang;
  const wanted = name === undefined ? await chooseLab(session, usual, read) : undefined;
  const language = wanted?.language ?? usual;
  const id = name ?? wanted?.lab;
  if (id === undefined) return EXIT.pass;
  if (wanted === undefined && read.setAside !== undefined) {
    session.print(setAsideNotice(read.setAside)[language]);
  }
  const onLanguage = (chosen: Language): void =>
    changeProgress(session.home, all => ({ ...all, language: chosen }));
  if (language !== usual) onLanguage(language);
  const begin = from === undefined ? {} : { from };
  return learnLab(session, labNamed(id), { ...begin, language, onLanguage });
}

interface Learning {
  readonly from?: string;
  readonly language: Language;
  readonly onLanguage: (chosen: Language) => void;
}

async function learnLab(
  session: Session,
  lab: Lab,
  { from, language, onLanguage }: Learning,
): Promise<number> {
  const { options, env, signal } = session;
  const narrator = narratorOf({ ...session, flags: { ...session.flags, lang: language } });
  const parts = realParts(env, {
    ...narrator,
    summary: (outcome, folder) => {
      if (outcome.verdict.kind === 'pass' || outcome.interrupted) narrator.summary(outcome, folder);
      else tellLeft(session, language, outcome, folder);
    },
  });
  const learner: Learner = {
    openFront: frontFor(session.streams, {
      language,
      colour: session.terminal.colour,
      env,
      plain: session.flags.plain ?? false,
    }),
    progress: progressOfLab(session.home, lab.id),
    from: from === undefined ? undefined : stepIndex(lab, from),
    shellCommand: shellLine(session),
    onLanguage,
  };
  const { result } = await runLearn(lab, { ...options, language }, parts, learner, signal);
  return result.interrupted ? EXIT.interrupted : EXIT.pass;
}

/** By id, or by number from 1. */
function stepIndex({ steps }: Lab, from: string): number {
  const index = steps.findIndex(({ id }, at) => id === from || String(at + 1) === from);
  if (index >= 0) return index;
  const ids = steps.map(({ id }) => id);
  throw new LabError('LAB_USAGE', unknownName('step', from, ids));
}

function tellLeft(session: Session, language: Language, result: RunResult, folder: string): void {
  const { lab, steps } = result;
  const own = steps.filter(({ id }) => id !== 'throughout');
  const done = own.filter(({ checks }) =>
    checks.every(({ source, verdict }) => source === 'invariant' || verdict.kind === 'pass'),
  ).length;
  const beside = session.flags.instance === 0 ? '' : ` --instance ${session.flags.instance}`;
  const line = `npm run lab -- learn ${lab}${beside}`;
  const words = t(
    `${done} of ${own.length} steps done this time. To go on: ${line}`,
    `${done} étapes sur ${own.length} faites cette fois. Pour continuer : ${line}`,
  );
  session.print('', words[language], `  ${path.join(folder, 'report.html')}`);
}
