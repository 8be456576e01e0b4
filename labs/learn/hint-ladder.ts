/** What to tell somebody who is stuck: what is wrong now, a nudge, where to look, the commands. */
import type { Text } from '../harness/text.ts';
import type { Panel } from './learn-view.ts';

export class HintLadder {
  readonly #hints: readonly Text[];
  #rung = 0;
  #told: Text | undefined;

  constructor(hints: readonly Text[]) {
    this.#hints = hints;
  }

  /** A diagnosis that fits now comes first, once, and costs no rung. The last rung stays. */
  next(diagnosis: Text | undefined, commands: readonly string[]): Panel {
    const rungs = this.#hints.length + 1;
    if (diagnosis !== undefined && diagnosis !== this.#told) {
      this.#told = diagnosis;
      return { kind: 'hint', rung: this.#rung, rungs, text: diagnosis };
    }
    const text = this.#hints[this.#rung];
    this.#rung = Math.min(this.#rung + 1, rungs);
    if (text === undefined) return { kind: 'solution', commands, done: 0 };
    return { kind: 'hint', rung: this.#rung, rungs, text };
  }
}
