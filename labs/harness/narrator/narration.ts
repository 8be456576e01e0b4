/** What a run tells while it goes; the console narrator and the silent one both listen. */
import type { ConnectRecord } from '../history.ts';
import type { Lab, Step } from '../lab.ts';
import type { CheckResult, RunResult } from '../result.ts';
import type { Recorder } from '../run/recorder.ts';
import type { Text } from '../text.ts';

export interface OpeningFacts {
  readonly provider: string;
  readonly instance: number;
  readonly seed: number;
}

export interface StageFacts {
  readonly url: string;
  readonly machines: readonly {
    readonly name: string;
    readonly address: string;
    readonly forwarded: string | undefined;
  }[];
}

export interface Narrator {
  opening(lab: Lab, facts: OpeningFacts): void;
  /** Something is under way that takes a moment. */
  progress(text: Text): void;
  /** Something the reader should know: a sweep, an imitation, a missing browser. */
  note(text: Text): void;
  stageReady(facts: StageFacts): void;
  /** From now on the counters of served requests come from this history. */
  watch(recorder: Recorder, visitors: readonly string[]): void;
  step(step: Step, index: number, total: number): void;
  /** `natives`: what the program that makes the machines would be told to the same end. */
  command(command: string, natives?: readonly string[]): void;
  told(answer: string): void;
  measured(records: readonly ConnectRecord[]): void;
  settled(check: CheckResult): void;
  recap(text: Text): void;
  closing(): void;
  summary(result: RunResult, folder: string): void;
}

export const silentNarrator: Narrator = {
  opening: () => {},
  progress: () => {},
  note: () => {},
  stageReady: () => {},
  watch: () => {},
  step: () => {},
  command: () => {},
  told: () => {},
  measured: () => {},
  settled: () => {},
  recap: () => {},
  closing: () => {},
  summary: () => {},
};
