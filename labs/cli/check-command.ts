/** `lab check`: the gate for authors, for one lab or all of them. */
import path from 'node:path';
import { describeLease } from '../../vms/sweep.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import { checkLab } from '../check/check-lab.ts';
import { broken, type Finding, holds, type LabReport } from '../check/finding.ts';
import { learnAsRobot } from '../check/robot-learner.ts';
import { LabError } from '../harness/errors.ts';
import { duration } from '../harness/figures.ts';
import type { Lab } from '../harness/lab.ts';
import { silentNarrator } from '../harness/narrator/narration.ts';
import { instanceFolder } from '../harness/run/run-folder.ts';
import { t } from '../harness/text.ts';
import { EXIT } from './exit-codes.ts';
import { realParts } from './real-parts.ts';
import { labNamed } from './run-command.ts';
import type { Session } from './session.ts';
import { setUpWhenNeeded } from './set-up.ts';

export interface CheckWanted {
  readonly labs: readonly string[];
  readonly all: boolean;
  /** Is a robot to learn the lab through a terminal? */
  readonly robot: boolean;
}

export async function checkCommand(session: Session, wanted: CheckWanted): Promise<number> {
  const labs = wanted.all ? catalogue : wanted.labs.map(labNamed);
  if (labs.length === 0) throw new LabError('LAB_USAGE', 'name a lab, or say --all');
  const browser = await setUpWhenNeeded(session);
  const parts = realParts(session.env, silentNarrator, browser);
  const reports: LabReport[] = [];
  for (const lab of labs) {
    if (!session.flags.json) session.print('', session.say(lab.title));
    const report = await checkLab(lab, session.options, parts, session.signal, finding =>
      tell(session, finding),
    );
    const others: Finding[] = [];
    if (wanted.robot) others.push(await robotFinding(session, lab));
    others.push(await residueOf(session, lab));
    for (const finding of others) tell(session, finding);
    reports.push({ ...report, findings: [...report.findings, ...others] });
    tellGoTo(session, report);
  }
  if (session.flags.json) session.json(reports);
  else summarise(session, reports);
  return brokenOnes(reports).length === 0 ? EXIT.pass : EXIT.fail;
}

function tell({ flags, print }: Session, { rule, where, problem }: Finding): void {
  if (flags.json) return;
  if (problem === undefined) {
    if (!flags.quiet) print(`  ✔ ${rule.padEnd(14)} ${where}`);
    return;
  }
  print(`  ✘ ${rule.padEnd(14)} ${where}: ${problem}`);
}

const entry = path.resolve(import.meta.dirname, '../../bin/lab.js');

async function robotFinding(session: Session, lab: Lab): Promise<Finding> {
  const { flags, env, home, options } = session;
  const lab0 = [process.execPath, entry];
  const where = ['--instance', String(flags.instance), '--lang', flags.lang];
  const machines = options.machines === undefined ? [] : ['--machines', options.machines];
  const proxy = ['--proxy-entry', options.proxyEntry];
  const [first] = lab.steps;
  const problem = await learnAsRobot(lab, {
    learn: [...lab0, 'learn', lab.id, '--from', first.id, ...where, ...machines, ...proxy],
    shell: [...lab0, 'shell', '--instance', String(flags.instance)],
    cwd: home,
    env: { ...env, LAB_HOME: home, SHELL: '/bin/sh', CI: undefined, NO_COLOR: undefined },
  });
  return problem === undefined ? holds('robot', lab.id) : broken('robot', lab.id, problem);
}

async function residueOf({ home, flags }: Session, { id }: Lab): Promise<Finding> {
  const left = await describeLease(instanceFolder(home, flags.instance));
  if (left.length === 0) return holds('residue', id);
  return broken('residue', id, `left behind: ${left.join(', ')}`);
}

function tellGoTo(session: Session, { goToMs }: LabReport): void {
  if (session.flags.json) return;
  const longest = session.say(duration(Math.max(0, ...Object.values(goToMs))));
  session.print(
    session.say(
      t(
        `  going to a step took ${longest} at most`,
        `  aller à une étape a pris ${longest} au plus`,
      ),
    ),
  );
}

function brokenOnes(reports: readonly LabReport[]): readonly Finding[] {
  return reports.flatMap(({ findings }) => findings.filter(({ problem }) => problem !== undefined));
}

function summarise(session: Session, reports: readonly LabReport[]): void {
  const total = reports.reduce((sum, { findings }) => sum + findings.length, 0);
  const wrong = brokenOnes(reports).length;
  session.print(
    '',
    session.say(
      wrong === 0
        ? t(`✔ ${total} findings, all well`, `✔ ${total} constats, tous bons`)
        : t(`✘ ${wrong} of ${total} findings`, `✘ ${wrong} constats sur ${total}`),
    ),
  );
}
