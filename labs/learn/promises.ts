/** What must hold for every request: while a step is done, and from the first step to the last. */
import type { JudgeContext } from '../harness/judge/evidence.ts';
import { judge } from '../harness/judge/judge.ts';
import type { Check } from '../harness/lab.ts';
import type { Recorder } from '../harness/run/recorder.ts';
import type { Verdict } from '../harness/verdict.ts';
import { EvidenceSince } from './evidence-since.ts';

export interface JudgedPromise {
  readonly check: Check;
  readonly verdict: Verdict;
}

/** They are judged over everything since they were given, so not as often as checks. */
const JUDGE_EVERY_MS = 500;

export class Promises {
  readonly #checks: readonly Check[];
  readonly #evidence: EvidenceSince;
  readonly #since: number;
  #judged: readonly JudgedPromise[] = [];
  #judgedAt = Number.NEGATIVE_INFINITY;

  /** `since`: from when on they are given. */
  constructor(checks: readonly Check[], recorder: Recorder, since: number) {
    this.#checks = checks;
    this.#evidence = new EvidenceSince(recorder, since);
    this.#since = since;
  }

  get since(): number {
    return this.#since;
  }

  get judged(): readonly JudgedPromise[] {
    return this.#judged;
  }

  /** The step's own context: its moments are replaced. */
  judge(context: JudgeContext, now: number, anew = false): void {
    if (!anew && now - this.#judgedAt < JUDGE_EVERY_MS) return;
    this.#judgedAt = now;
    const own = { ...context, stepStartedAt: this.#since, actedAt: this.#since };
    this.#judged = this.#checks.map(check => ({
      check,
      verdict: judge(check.probe, this.#evidence.records, own),
    }));
  }

  close(): void {
    this.#evidence.close();
  }
}
