/** The step that is being done, with all that belongs to it and is gone with it. */
import type { JudgeContext } from '../harness/judge/evidence.ts';
import type { Step } from '../harness/lab.ts';
import { gradedPrediction } from '../harness/run/grade-prediction.ts';
import type { Viewer } from '../harness/run/look.ts';
import { honestChecks, type Play } from '../harness/run/run-step.ts';
import type { Language, Text } from '../harness/text.ts';
import { diagnosisOf } from './check-views.ts';
import { EvidenceSince } from './evidence-since.ts';
import { HintLadder } from './hint-ladder.ts';
import { LiveStep } from './live-step.ts';
import type { ObservedWorld } from './observed-world.ts';
import { Promises } from './promises.ts';
import { StepLooks } from './step-looks.ts';

export interface StepRequest {
  readonly step: Step;
  readonly play: Play;
  readonly viewer: Viewer;
  /** How the world is now. */
  readonly world: ObservedWorld;
  /** As the learner would type the step's actions. */
  readonly commands: readonly string[];
  /** What of it the program that makes the machines could be told instead. */
  readonly natives: readonly string[];
}

export class StepInHand {
  readonly step: Step;
  readonly live: LiveStep;
  readonly evidence: EvidenceSince;
  readonly promises: Promises;
  readonly looks: StepLooks;
  readonly ladder: HintLadder;
  readonly before: ObservedWorld;
  readonly commands: readonly string[];
  readonly natives: readonly string[];

  /** Writes down that the step begins. */
  constructor({ step, play, viewer, world, commands, natives }: StepRequest) {
    const { recorder, lab, forwardedPorts, stage } = play;
    recorder.append({ kind: 'step', step: step.id, phase: 'start' });
    const startedAt = recorder.records.at(-1)?.at ?? recorder.now();
    const { capabilities } = stage.room;
    const visitors = Object.keys(lab.visitors);
    this.step = step;
    this.live = new LiveStep({
      step,
      checks: honestChecks(step, capabilities),
      context: { visitors, backends: lab.backends, forwardedPorts },
      startedAt,
    });
    this.evidence = new EvidenceSince(recorder, startedAt);
    this.promises = new Promises(step.during ?? [], recorder, startedAt);
    this.looks = new StepLooks(this.live, play, viewer);
    this.ladder = new HintLadder(step.hints ?? []);
    this.before = world;
    this.commands = commands;
    this.natives = natives;
  }

  get isDone(): boolean {
    return this.live.doneAt !== undefined;
  }

  context(language: Language): JudgeContext {
    return this.live.contextIn(language);
  }

  /**
   * A question comes before its answer: nothing is judged until a prediction was made, or until
   * somebody acts without one.
   */
  isAwaiting(chosen: string | undefined): boolean {
    return this.step.predict !== undefined && chosen === undefined && this.live.changes === 0;
  }

  /** Returns whether it is done now and was not before; from then on nothing is judged. */
  judge(now: number, language: Language, chosen: string | undefined): boolean {
    if (this.isDone) return false;
    if (!this.isAwaiting(chosen)) this.live.judge(this.evidence.records, now, language);
    this.promises.judge(this.context(language), now, this.isDone);
    return this.isDone;
  }

  /** Of the first check that has one. */
  diagnosis(language: Language): Text | undefined {
    const { records } = this.evidence;
    for (const one of this.live.checks) {
      const found = diagnosisOf(one, records, this.context(language));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Which choice of its prediction has come true. */
  happened(language: Language): string | undefined {
    const graded = gradedPrediction(this.step, this.evidence.records, this.context(language));
    return graded.prediction?.choices.find(({ happened }) => happened)?.id;
  }

  close(): void {
    this.evidence.close();
    this.promises.close();
  }
}
