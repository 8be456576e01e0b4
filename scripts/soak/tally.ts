/** What came of every request of the soak. */

export interface Judged {
  /** Answered as it should be, by the right backend, whole. */
  right: number;
  /** Failed in a way that the faults of the run explain: a POST whose backend died, a cut answer. */
  excused: number;
  /** Nothing excuses these. */
  readonly wrong: string[];
  /** Milliseconds, the longest request of all. */
  longestMs: number;
  readonly byStatus: Map<string, number>;
}

const MOST_KEPT = 50;

export class Tally implements Judged {
  right = 0;
  excused = 0;
  readonly wrong: string[] = [];
  wrongTotal = 0;
  longestMs = 0;
  readonly byStatus: Map<string, number> = new Map();

  ended(outcome: string, startedAt: number): void {
    this.byStatus.set(outcome, (this.byStatus.get(outcome) ?? 0) + 1);
    this.longestMs = Math.max(this.longestMs, performance.now() - startedAt);
  }

  isWrong(sentence: string): void {
    this.wrongTotal++;
    if (this.wrong.length < MOST_KEPT) this.wrong.push(sentence);
  }
}
