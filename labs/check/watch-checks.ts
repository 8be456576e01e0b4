/** Judges a step's checks as they are, without doing anything, until a condition holds or time is up. */
import type { Check, Step } from '../harness/lab.ts';
import { isBrowserCheck, judgeRound, underWay } from '../harness/run/await-checks.ts';
import { pause } from '../harness/run/interruptible.ts';
import { askDirectly, directMachines, lookOnce, looksOf } from '../harness/run/look.ts';
import { contextOf, honestChecks, type Play } from '../harness/run/run-step.ts';

const TICK_MS = 50;
const LONGEST = '59m';

/** Ids of the checks that hold after so long without an action. */
export async function greenWithoutActing(
  step: Step,
  play: Play,
  forMs: number,
): Promise<ReadonlySet<string>> {
  const { recorder, signal } = play;
  const since = recorder.now();
  const context = contextOf(play, since, since);
  const checks = underWay(honestChecks(step, play.stage.room.capabilities).map(withoutLimit));
  await askDirectly(directMachines(step), play.forwardedPorts, recorder, 1);
  while (recorder.now() - since < forMs) {
    judgeRound(checks, recorder, context, recorder.now());
    await pause(TICK_MS, signal);
  }
  if (checks.some(({ check }) => isBrowserCheck(check)) && !('missing' in play.browser)) {
    const looks = looksOf(step, play.stage.url, play.forwardedPorts, play.folder);
    await lookOnce(
      play.browser,
      looks.map(({ shot: _, ...look }) => look),
      recorder,
      play.folder,
    );
  }
  judgeRound(checks, recorder, context, recorder.now());
  const green = checks.filter(({ state }) => state.settled?.kind === 'pass');
  return new Set(green.map(({ check }) => check.id));
}

function withoutLimit(check: Check): Check {
  return { ...check, window: { ...check.window, within: LONGEST } };
}
