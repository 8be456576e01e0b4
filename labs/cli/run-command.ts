/** `lab run`. */
import { catalogue } from '../catalogue/catalogue.ts';
import { LabError } from '../harness/errors.ts';
import { duration } from '../harness/figures.ts';
import type { Lab } from '../harness/lab.ts';
import { table } from '../harness/narrator/layout.ts';
import { unknownName } from '../harness/nearest.ts';
import type { RunResult } from '../harness/result.ts';
import { runLab } from '../harness/run/run-lab.ts';
import { t } from '../harness/text.ts';
import { VERDICT_MARKS } from '../harness/verdict.ts';
import { exitCodeOfRun, gravestExitCode } from './exit-codes.ts';
import { realParts } from './real-parts.ts';
import { narratorOf, type Session } from './session.ts';
import { setUpWhenNeeded } from './set-up.ts';

export function labNamed(name: string): Lab {
  const found = catalogue.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const ids = catalogue.map(({ id }) => id);
  throw new LabError('LAB_USAGE', unknownName('lab', name, ids));
}

/** The lab up to this step. */
function labUntil(lab: Lab, step: string | undefined): Lab {
  if (step === undefined) return lab;
  const ids = lab.steps.map(({ id }) => id);
  const [first, ...others] = lab.steps.slice(0, ids.indexOf(step) + 1);
  if (first === undefined) throw new LabError('LAB_USAGE', unknownName('step', step, ids));
  return { ...lab, steps: [first, ...others] };
}

export async function runCommand(
  session: Session,
  name: string,
  until: string | undefined,
): Promise<number> {
  const lab = labUntil(labNamed(name), until);
  const browser = await setUpWhenNeeded(session);
  const parts = realParts(session.env, narratorOf(session), browser);
  const { result } = await runLab(lab, session.options, parts, session.signal);
  if (session.flags.json) session.json(result);
  else if (session.flags.keep && !result.interrupted) tellKept(session);
  return exitCodeOfRun(result);
}

/** One after the other, in learning order; the gravest exit code counts. */
export async function runAllCommand(session: Session): Promise<number> {
  const browser = await setUpWhenNeeded(session);
  const results: RunResult[] = [];
  for (const lab of catalogue) {
    const parts = realParts(session.env, narratorOf(session), browser);
    const { result } = await runLab(lab, session.options, parts, session.signal);
    results.push(result);
    if (result.interrupted) break;
  }
  if (session.flags.json) session.json(results);
  else session.print('', ...outcomeTable(session, results));
  return gravestExitCode(results.map(exitCodeOfRun));
}

function outcomeTable(session: Session, results: readonly RunResult[]): readonly string[] {
  return table(
    results.map(({ lab, verdict, requests, durationMs }) => [
      VERDICT_MARKS[verdict.kind],
      lab,
      session.say(duration(durationMs)),
      session.say(
        t(
          `${requests.failed} failed of ${requests.total}`,
          `${requests.failed} en échec sur ${requests.total}`,
        ),
      ),
      verdict.kind === 'pass' ? '' : verdict.because,
    ]),
  );
}

function tellKept(session: Session): void {
  const beside = session.flags.instance === 0 ? '' : ` --instance ${session.flags.instance}`;
  session.print(
    session.say(t('Still running. Look at it with:', 'Tout tourne encore. Pour regarder :')),
    `  lab status${beside}`,
    `  lab visit${beside}`,
    session.say(t('Take it down with:', 'Pour tout arrêter :')),
    `  lab clean${beside}`,
  );
}
