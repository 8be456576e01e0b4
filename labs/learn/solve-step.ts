/** Does a step for the learner, with the very commands that would have to be typed. */
import { messageOf } from '../harness/errors.ts';
import { runAction } from '../harness/run/run-action.ts';
import type { Play } from '../harness/run/run-step.ts';
import type { StepInHand } from './step-in-hand.ts';

/**
 * A command that is refused may have had its effect before: the rest is run all the same. Returns
 * what was complained about last. `progress` gets how many commands have been run.
 */
export async function solveStep(
  hand: StepInHand,
  { recorder, stage, signal }: Play,
  progress: (done: number) => void,
): Promise<string | undefined> {
  let complaint: string | undefined;
  for (const [index, action] of hand.step.act.entries()) {
    progress(index);
    const command = hand.commands[index] ?? '';
    const record = { kind: 'action', step: hand.step.id, command } as const;
    recorder.append({ ...record, phase: 'start' });
    try {
      await runAction(action, stage, recorder, signal);
      recorder.append({ ...record, phase: 'end' });
    } catch (error) {
      complaint = messageOf(error);
      recorder.append({ ...record, phase: 'end', error: complaint });
    }
  }
  progress(hand.step.act.length);
  return complaint;
}
