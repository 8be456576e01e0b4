/** Every wrong move that a step lists must bring up the diagnosis that it names. */
import { fittingDiagnosis } from '../harness/judge/diagnose.ts';
import type { JudgeContext } from '../harness/judge/evidence.ts';
import { judge } from '../harness/judge/judge.ts';
import type { Check, Diagnosis, Mistake, Step } from '../harness/lab.ts';
import { pause } from '../harness/run/interruptible.ts';
import { askDirectly, directMachines } from '../harness/run/look.ts';
import { runAction } from '../harness/run/run-action.ts';
import { contextOf, honestChecks, type Play } from '../harness/run/run-step.ts';
import { broken, type Finding, holds } from './finding.ts';

const WITHIN_MS = 15_000;
const TICK_MS = 100;
/** Nobody is wrong at once: visitors are at it again by then. */
const LOOKING_MS = 1_500;

/** Begins at the start of the step. */
export async function checkMistake(step: Step, mistake: Mistake, play: Play): Promise<Finding> {
  const where = `${step.id} · ${mistake.id}`;
  const checks = honestChecks(step, play.stage.room.capabilities);
  const check = checks.find(({ id }) => id === mistake.diagnosis.check);
  const wanted = check?.because?.[mistake.diagnosis.because];
  if (check === undefined || wanted === undefined) {
    return broken('mistake', where, 'it names a diagnosis that is not there');
  }
  const { recorder, signal } = play;
  const startedAt = recorder.now();
  await pause(LOOKING_MS, signal);
  for (const action of mistake.act) await runAction(action, play.stage, recorder, signal);
  const context = contextOf(play, startedAt, recorder.now());
  const machines = directMachines(step);
  for (let number = 1; recorder.now() - context.actedAt < WITHIN_MS; number += 1) {
    await askDirectly(machines, play.forwardedPorts, recorder, number);
    if (toldNow(check, play, context) === wanted) return holds('mistake', where);
    await pause(TICK_MS, signal);
  }
  return broken('mistake', where, instead(check, toldNow(check, play, context)?.say.en));
}

/** A check that holds tells nothing. */
function toldNow(check: Check, { recorder }: Play, context: JudgeContext): Diagnosis | undefined {
  const { records } = recorder;
  if (judge(check.probe, records, context).kind === 'pass') return undefined;
  return fittingDiagnosis(check, records, context);
}

function instead(check: Check, said: string | undefined): string {
  return said === undefined
    ? `check "${check.id}" tells no diagnosis`
    : `check "${check.id}" tells another diagnosis: "${said}"`;
}
