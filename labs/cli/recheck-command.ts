/** `lab recheck`: judges a recorded run again, and says where the record and the result differ. */

import { catalogue } from '../catalogue/catalogue.ts';
import { LabError } from '../harness/errors.ts';
import { agrees, type Rechecked, type RecheckedCase, recheck } from '../harness/judge/recheck.ts';
import { t } from '../harness/text.ts';
import { verdictSigns, verdictWords } from '../report/html/words.ts';
import { findRun, type RunFiles, readRun } from '../report/run-files.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

/** The exit code is that of the verdict; 1 as well where the result says something else. */
export async function recheckCommand(session: Session, run: string): Promise<number> {
  const files = await readRun(await findRun(session.home, run));
  const lab = catalogue.find(({ id }) => id === files.result.lab);
  if (lab === undefined) {
    throw new LabError(
      'LAB_ENVIRONMENT',
      `${files.folder} is a run of "${files.result.lab}", and this kit has no such lab.`,
    );
  }
  const again = recheck(lab, files.result, files.history);
  if (session.flags.json) session.json(asJson(files, again));
  else tell(session, files, again);
  return agrees(again) ? EXIT[again.verdict.kind] : EXIT.fail;
}

function asJson({ folder, result, history }: RunFiles, again: Rechecked): unknown {
  return {
    folder,
    lab: result.lab,
    records: history.length,
    same: agrees(again),
    verdict: again.verdict,
    recorded: again.recorded,
    cases: again.cases.map(({ step, check, verdict, recorded }) => ({
      id: `${result.lab}.${step}.${check}`,
      same: verdict.kind === recorded.kind,
      verdict,
      recorded,
    })),
  };
}

function tell(session: Session, { folder, result, history }: RunFiles, again: Rechecked): void {
  const { lang } = session.flags;
  session.print(`${result.title[lang]} · ${folder}`);
  const records = history.length;
  session.print(
    session.say(t(`${records} records, judged again:`, `${records} enregistrements, rejugés :`)),
    '',
    ...again.cases.flatMap(one => caseLines(session, one)),
    '',
    session.say(conclusion(again)),
  );
}

function caseLines(session: Session, one: RecheckedCase): readonly string[] {
  const { step, check, claim, verdict, recorded } = one;
  const line = `${verdictSigns[verdict.kind]} ${step}.${check}: ${claim[session.flags.lang]}`;
  const why = verdict.kind === 'pass' ? [] : [`    ${verdict.because}`];
  if (verdict.kind === recorded.kind) return [line, ...why];
  const was = verdictWords[recorded.kind];
  const differs = t(
    `    The run had said: ${was.en} (${recorded.because})`,
    `    L’exécution avait dit : ${was.fr} (${recorded.because})`,
  );
  return [line, `    ${verdict.because}`, session.say(differs)];
}

function conclusion(again: Rechecked) {
  const { verdict, recorded, cases } = again;
  const now = verdictWords[verdict.kind];
  if (agrees(again)) {
    return t(
      `${verdictSigns[verdict.kind]} ${now.en}, as the run had said`,
      `${verdictSigns[verdict.kind]} ${now.fr}, comme l’exécution l’avait dit`,
    );
  }
  const was = verdictWords[recorded.kind];
  const many = cases.filter(one => one.verdict.kind !== one.recorded.kind).length;
  return t(
    `✗ ${many} of ${cases.length} checks judged otherwise than in the run: ${now.en} now, ${was.en} then`,
    `✗ ${many} vérifications sur ${cases.length} jugées autrement qu’à l’exécution : ${now.fr} ici, ${was.fr} alors`,
  );
}
