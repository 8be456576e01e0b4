/** `lab handout`: runs labs and writes what they showed as pages to read and to follow by hand. */
import path from 'node:path';
import { catalogue } from '../catalogue/catalogue.ts';
import { HandoutFolder } from '../handout/handout-folder.ts';
import type { Lab } from '../harness/lab.ts';
import { runLab } from '../harness/run/run-lab.ts';
import { type Language, t } from '../harness/text.ts';
import { EXIT } from './exit-codes.ts';
import { realParts } from './real-parts.ts';
import { labNamed } from './run-command.ts';
import { narratorOf, type Session } from './session.ts';
import { setUpWhenNeeded } from './set-up.ts';

export interface HandoutWanted {
  readonly labs: readonly string[];
  readonly languages: readonly Language[];
  readonly out: string;
  /** Only say what is stale. */
  readonly check: boolean;
  /** Only the words of labs have changed: take the runs that are there. */
  readonly reuse: boolean;
}

export async function handoutCommand(session: Session, wanted: HandoutWanted): Promise<number> {
  const labs = wanted.labs.length === 0 ? catalogue : wanted.labs.map(labNamed);
  const folder = new HandoutFolder(path.resolve(wanted.out));
  if (wanted.check) return tellStale(session, folder, labs, wanted.languages);
  for (const lab of labs) {
    for (const language of wanted.languages) {
      if (wanted.reuse && (await folder.rewrite(lab, language))) continue;
      const code = await makeOne(session, folder, lab, language);
      if (code !== EXIT.pass) return code;
    }
  }
  await folder.writeIndex(catalogue);
  if (session.flags.json) session.json({ folder: folder.folder, labs: labs.map(({ id }) => id) });
  else session.print(folder.folder);
  return EXIT.pass;
}

/** A handout tells what a passed run has shown, and nothing else. */
async function makeOne(
  session: Session,
  folder: HandoutFolder,
  lab: Lab,
  language: Language,
): Promise<number> {
  const browser = await setUpWhenNeeded(session);
  const flags = { ...session.flags, lang: language };
  const parts = realParts(session.env, narratorOf({ ...session, flags }), browser);
  const options = { ...session.options, language };
  const { result, folder: run } = await runLab(lab, options, parts, session.signal);
  if (result.interrupted) return EXIT.interrupted;
  if (result.verdict.kind === 'pass') {
    await folder.take(lab, result, run);
    return EXIT.pass;
  }
  if (!session.flags.json) {
    session.print(
      session.say(
        t(
          `No handout of ${lab.id}: its run did not pass.`,
          `Pas de document pour ${lab.id} : son exécution n’a pas réussi.`,
        ),
      ),
    );
  }
  return EXIT[result.verdict.kind];
}

function tellStale(
  session: Session,
  folder: HandoutFolder,
  labs: readonly Lab[],
  languages: readonly Language[],
): number {
  const problems = [
    ...labs.flatMap(lab => languages.flatMap(language => folder.problems(lab, language))),
    ...folder.indexProblems(catalogue),
  ];
  if (session.flags.json) session.json({ stale: problems });
  else if (problems.length > 0) session.print(...problems);
  else
    session.print(
      session.say(t('All handouts are up to date.', 'Tous les documents sont à jour.')),
    );
  return problems.length === 0 ? EXIT.pass : EXIT.fail;
}
