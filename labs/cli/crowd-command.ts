/** `lab crowd`: many people who come to the site at once and stay. */
import { LabError } from '../harness/errors.ts';
import { type Text, t } from '../harness/text.ts';
import { askCrowd } from '../stage/ask-crowd.ts';
import { requireStage } from '../stage/attach-stage.ts';
import type { CrowdReport } from '../visitors/crowd.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

/** More than a lesson needs, and less than this computer has descriptors for. */
const MOST_PEOPLE = 900;

/** Undefined: only look. */
export async function crowdCommand(session: Session, typed: string | undefined): Promise<number> {
  const people = typed === undefined ? undefined : peopleOf(typed);
  const attached = await requireStage(session.home, session.flags.instance);
  const report = await askCrowd(attached, people);
  if (session.flags.json) session.json(report);
  else session.print(session.say(inWords(report)));
  return EXIT.pass;
}

function peopleOf(typed: string): number {
  const people = Number(typed);
  if (/^\d+$/.test(typed) && people <= MOST_PEOPLE) return people;
  throw new LabError('LAB_USAGE', `${typed}: give a whole number from 0 to ${MOST_PEOPLE}.`);
}

function inWords({ inside, waiting, turnedAway, lost }: CrowdReport): Text {
  return t(
    `crowd: ${inside} inside, ${waiting} waiting, ${turnedAway} turned away (429), ${lost} lost`,
    `foule : ${inside} dedans, ${waiting} en attente, ${turnedAway} refusés (429), ${lost} perdus`,
  );
}
