/** The outcome of a run: `result.json`, and the source of every report. */
import type { ProviderName } from '../../vms/provider.ts';
import type { Language, Text } from './text.ts';
import type { Verdict } from './verdict.ts';

export interface CheckResult {
  readonly id: string;
  readonly claim: Text;
  /** `browser`: confirmed on a page; `history`: judged from records; `invariant`: held all along. */
  readonly source: 'browser' | 'history' | 'invariant';
  readonly verdict: Verdict;
  readonly durationMs: number;
}

export interface ShotResult {
  readonly id: string;
  readonly alt: Text;
  /** Path inside the run folder. */
  readonly file: string;
}

export interface PredictionResult {
  readonly ask: Text;
  readonly choices: readonly {
    readonly id: string;
    readonly text: Text;
    /** What really happened; it is so for exactly one choice of a well-made lab. */
    readonly happened: boolean;
  }[];
}

export interface StepResult {
  readonly id: string;
  readonly title: Text;
  readonly say: Text;
  /** Commands a learner would type for the step's actions. */
  readonly commands: readonly string[];
  /** What each of them said; '' when it said nothing. */
  readonly outputs: readonly string[];
  readonly startedAt: number;
  readonly durationMs: number;
  readonly checks: readonly CheckResult[];
  readonly shots: readonly ShotResult[];
  readonly prediction?: PredictionResult;
}

export interface RunResult {
  readonly schema: 1;
  /** A learner did the steps, in a time of their own: no window of a check has a limit then. */
  readonly byHand?: true;
  readonly lab: string;
  readonly title: Text;
  readonly language: Language;
  readonly provider: ProviderName;
  /** What the provider imitates instead of doing it truly, by failure verb. */
  readonly imitations: Readonly<Record<string, string>>;
  /** How many times more time than on processes the checks had; absent: once. */
  readonly pace?: number;
  /** Name and version of the browser, or why there was none. */
  readonly browser:
    | { readonly found: true; readonly name: string }
    | { readonly found: false; readonly reason: string };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly environment: {
    readonly relais: string;
    readonly node: string;
    readonly platform: string;
    readonly seed: number;
    readonly instance: number;
  };
  readonly requests: { readonly total: number; readonly failed: number };
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  readonly steps: readonly StepResult[];
}
