/**
 * Where a session meets its learner: a screen that is drawn in place, or sentences one after the
 * other. The session does not know which.
 */
import type { Text } from '../harness/text.ts';
import type { LearnRequest, LearnView } from './learn-view.ts';

export interface LearnerFront {
  /** From now on this is shown. Drawn soon and not at once, however often it is called. */
  show(view: LearnView): void;
  /** Something is under way that takes a moment, such as machines that start. */
  progress(text: Text): void;
  /** Gives the terminal back; from then on whoever has something to say prints it as usual. */
  close(): void;
}

/**
 * `asked` gets one request at a time, in order. When nobody can ask any more (the input has ended),
 * the last one is `quit`.
 */
export type OpenFront = (asked: (request: LearnRequest) => void) => LearnerFront;
