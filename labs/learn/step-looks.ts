/** Looks at pages and single machines for a step, now and then and not more than its checks need. */

import type { ShotResult } from '../harness/result.ts';
import {
  askDirectly,
  directMachines,
  isAskedDirectly,
  isLookedAt,
  type Look,
  lookOnce,
  looksOf,
  shotResults,
  type Viewer,
} from '../harness/run/look.ts';
import type { Play } from '../harness/run/run-step.ts';
import { isGreen, type LiveCheck, type LiveStep } from './live-step.ts';

/** A browser costs more than a request, and both more than patience. */
const BROWSER_EVERY_MS = 1_200;
const DIRECT_EVERY_MS = 200;

export class StepLooks {
  readonly #live: LiveStep;
  readonly #play: Play;
  readonly #viewer: Viewer;
  readonly #looks: readonly Look[];
  readonly #direct: readonly string[];
  #underWay: Promise<unknown> | undefined;
  #asking: Promise<unknown> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #number = 0;
  #problem: string | undefined;

  constructor(live: LiveStep, play: Play, viewer: Viewer) {
    this.#live = live;
    this.#play = play;
    this.#viewer = viewer;
    this.#looks = looksOf(live.step, play.stage.url, play.forwardedPorts, play.folder);
    this.#direct = directMachines(live.step);
  }

  /** Why the last look has failed, if it has. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get shots(): readonly ShotResult[] {
    return shotResults(this.#live.step, this.#looks);
  }

  /** Begins what is due; call it often. */
  tick(now: number): void {
    if (this.#underWay === undefined && this.#isLookDue(now)) {
      this.#underWay = this.#look().finally(() => {
        this.#underWay = undefined;
      });
    }
    if (this.#asking === undefined && this.#isAskDue(now)) {
      this.#asking = this.#ask().finally(() => {
        this.#asking = undefined;
      });
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all([this.#underWay, this.#asking]);
  }

  /** Browsers look when all else holds, for then their word is the last; and once when it is done. */
  #isLookDue(now: number): boolean {
    const { checks, doneAt } = this.#live;
    if (this.#looks.length === 0 || now - this.#lookedAt < BROWSER_EVERY_MS) return false;
    if (doneAt !== undefined) return this.shots.length > 0 && this.#lookedAt < this.#live.actedAt;
    return checks.every(one => isGreen(one) || isLookedAt(one.check)) && checks.some(isOpenLook);
  }

  #isAskDue(now: number): boolean {
    if (this.#direct.length === 0 || now - this.#askedAt < DIRECT_EVERY_MS) return false;
    return this.#live.checks.some(one => isAskedDirectly(one.check) && !isGreen(one));
  }

  async #look(): Promise<void> {
    const { recorder, folder } = this.#play;
    this.#problem = await lookOnce(this.#viewer, this.#looks, recorder, folder);
    this.#lookedAt = recorder.now();
  }

  async #ask(): Promise<void> {
    const { recorder, forwardedPorts } = this.#play;
    this.#number += 1;
    await askDirectly(this.#direct, forwardedPorts, recorder, this.#number);
    this.#askedAt = recorder.now();
  }
}

function isOpenLook(one: LiveCheck): boolean {
  return isLookedAt(one.check) && !isGreen(one);
}
