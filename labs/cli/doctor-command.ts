/** `lab doctor`: what labs need, what was found and tried, and what to do about the rest. */
import path from 'node:path';
import { installPackages } from '../../vms/apt.ts';
import { bundleText } from '../doctor/bundle/bundle-text.ts';
import { BUNDLE_FILE, readLatestSummary, writeBundle } from '../doctor/bundle/write-bundle.ts';
import { doctorReport } from '../doctor/doctor-report.ts';
import type { Facts } from '../doctor/facts.ts';
import type { Deed } from '../doctor/finding.ts';
import { gatherFacts } from '../doctor/gather/gather.ts';
import { type Judgement, judge } from '../doctor/judge/judge.ts';
import { type Mender, mend } from '../doctor/mend/mend.ts';
import { candidates, realDeeds } from '../doctor/real-deeds.ts';
import type { System } from '../doctor/system.ts';
import { tellFindings } from '../doctor/tell-findings.ts';
import { thisSystem } from '../doctor/this-system.ts';
import { LabError } from '../harness/errors.ts';
import { unknownName } from '../harness/nearest.ts';
import { instanceFolder } from '../harness/run/run-folder.ts';
import { t } from '../harness/text.ts';
import { removeLab } from '../stage/remove-lab.ts';
import { ask } from './ask.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

export interface DoctorWanted {
  /** Providers whose costly trial is wanted, or `all`. */
  readonly tried: readonly string[];
  readonly fix: boolean;
  readonly yes: boolean;
  readonly online: boolean;
  /** The file of the report to be pasted; `true`: the usual one. */
  readonly bundle?: string | true;
}

const kitFolder = path.resolve(import.meta.dirname, '../../..');

export async function doctorCommand(session: Session, wanted: DoctorWanted): Promise<number> {
  refuseNonsense(session, wanted);
  const { env, terminal, canAsk } = session;
  const place = { isTerminal: canAsk, columns: terminal.columns };
  const system = thisSystem({ env, terminal: place, kitFolder });
  let { facts, judgement } = await examine(session, system, wanted);
  if (!session.flags.json) tell(session, judgement);
  if (wanted.fix) {
    const { done } = await mend(judgement.findings, mender(session, wanted.yes));
    if (done > 0) {
      ({ facts, judgement } = await examine(session, system, wanted));
      session.print('');
      tell(session, judgement);
    }
  }
  if (wanted.bundle !== undefined) await bundle(session, system, wanted.bundle, facts, judgement);
  if (session.flags.json) session.json(doctorReport(facts, judgement));
  return judgement.ready ? EXIT.pass : EXIT.environment;
}

function refuseNonsense({ flags }: Session, { tried, fix, yes }: DoctorWanted): void {
  const kinds = ['all', ...new Set(candidates().flatMap(({ name }) => name.split(' ')))];
  for (const name of tried) {
    if (kinds.includes(name)) continue;
    throw new LabError('LAB_USAGE', unknownName('kind of machines', name, kinds));
  }
  if (fix && flags.json) throw new LabError('LAB_USAGE', '--fix talks: leave out --json.');
  if (yes && !fix) throw new LabError('LAB_USAGE', '--yes answers the questions of --fix: add it.');
}

interface Examined {
  readonly facts: Facts;
  readonly judgement: Judgement;
}

async function examine(
  { home, flags, signal, version }: Session,
  system: System,
  { tried, online }: DoctorWanted,
): Promise<Examined> {
  const { instance, browser, proxyEntry } = flags;
  const deeds = realDeeds({ system, home, proxyEntry, online, signal });
  const facts = await gatherFacts(system, deeds, { kit: version, home, instance, tried, browser });
  return { facts, judgement: judge(facts) };
}

function tell({ print, flags, terminal }: Session, judgement: Judgement): void {
  print(...tellFindings(judgement, flags.lang, terminal.columns));
}

function mender(session: Session, yes: boolean): Mender {
  return {
    say: text => session.print(session.say(text)),
    consent: async isNeeded => {
      if (yes) return isNeeded ? 'yes' : 'no';
      if (!session.canAsk) return 'nobody';
      const answer = await ask(session, t('  Do it now? [y/N] ', '  Le faire maintenant ? [o/N] '));
      return /^[yo]/i.test(answer) ? 'yes' : 'no';
    },
    perform: deed => perform(session, deed),
  };
}

function perform(session: Session, deed: Deed): Promise<void> {
  switch (deed.kind) {
    case 'packages':
      return installPackages(deed.packages, line => session.print(`  ${line}`));
    case 'sweep':
      return removeLab(instanceFolder(session.home, deed.instance));
  }
}

async function bundle(
  session: Session,
  system: System,
  file: string | true,
  facts: Facts,
  judgement: Judgement,
): Promise<void> {
  const { userHome, userName, hostName, env } = system;
  const owner = { userHome, userName, hostName, env };
  const latestRun = await readLatestSummary(session.home);
  const text = bundleText({ facts, judgement, owner, takenAt: new Date(), latestRun });
  const written = await writeBundle(file === true ? BUNDLE_FILE : file, text);
  if (session.flags.json) return;
  const told = t(
    `Written: ${written}. Names, addresses and secrets were taken out; read it before you paste it.`,
    `Écrit : ${written}. Noms, adresses et secrets en ont été retirés ; relisez-le avant de le coller.`,
  );
  session.print('', session.say(told));
}
