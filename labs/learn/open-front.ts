/** Chooses how the learner is met: a screen where one can be drawn, else sentences. */
import { type Text, t } from '../harness/text.ts';
import type { OpenFront } from './learner-front.ts';
import type { LearnerTerminal } from './learner-terminal.ts';
import { PlainFront } from './plain/plain-front.ts';
import { isTooSmall, SMALLEST } from './screen/draw-screen.ts';
import { LiveScreen, type ScreenFacts } from './screen/live-screen.ts';

export interface FrontFacts extends ScreenFacts {
  /** Asked for, by `--plain` or `LAB_PLAIN=1`. */
  readonly plain: boolean;
}

export function frontFor(terminal: LearnerTerminal, facts: FrontFacts): OpenFront {
  const reason = whyPlain(terminal, facts);
  return asked => {
    if (reason === undefined) return new LiveScreen(terminal, facts, asked);
    const front = new PlainFront(terminal, facts, asked);
    if (reason !== 'asked') front.progress(reason);
    return front;
  };
}

/** Undefined: a screen can be drawn. */
export function whyPlain(
  { input, output }: LearnerTerminal,
  { plain, env }: Pick<FrontFacts, 'plain' | 'env'>,
): Text | 'asked' | undefined {
  const { TERM, CI, MSYSTEM, WT_SESSION } = env;
  if (plain) return 'asked';
  if (output.isTTY !== true || input.isTTY !== true)
    return sentences('this is no terminal', 'ce n’est pas un terminal');
  if (TERM === 'dumb') return sentences('TERM is dumb', 'TERM vaut dumb');
  if (CI) return sentences('CI is set', 'CI est défini');
  // The terminal of Git Bash cannot be drawn on by programs of Windows; Windows Terminal can.
  if (MSYSTEM && !WT_SESSION) return sentences('this is Git Bash', 'c’est Git Bash');
  const { columns, rows } = output;
  if (!isTooSmall({ columns, rows })) return undefined;
  const least = `${SMALLEST.columns} × ${SMALLEST.rows}`;
  return sentences(
    `the window is smaller than ${least}`,
    `la fenêtre est plus petite que ${least}`,
  );
}

function sentences(en: string, fr: string): Text {
  return t(`Sentences instead of a screen: ${en}.`, `Des phrases au lieu d’un écran : ${fr}.`);
}
