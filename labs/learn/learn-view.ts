/**
 * Everything that the learner's screen shows at one moment, as data: the session makes it, the
 * screen draws it, and neither knows the other.
 */
import type { BreakerState } from '../../proxy/index.ts';
import type { FailureVerb, MachineState } from '../../vms/machine.ts';
import type { Language, Text } from '../harness/text.ts';

export interface LearnView {
  readonly language: Language;
  readonly lab: { readonly id: string; readonly title: Text };
  readonly url: string;
  /** What opens a terminal in which the commands work: `npm run lab -- shell`, with its instance. */
  readonly shellCommand: string;
  readonly machines: readonly MachineTile[];
  readonly proxy: ProxyTile;
  /** The latest visitor requests, oldest first; at most 60. */
  readonly ribbon: readonly RibbonMark[];
  readonly requests: { readonly total: number; readonly failed: number };
  readonly step: StepView;
  /** Every step of the lab, in order. */
  readonly steps: readonly StepMark[];
  /** What was asked for last: a hint, the reason of a check, the list of steps. */
  readonly panel: Panel | undefined;
  /** What the learner should know now, such as a damage that the step does not ask for. */
  readonly notices: readonly Text[];
  /** Something asked for is under way and takes a moment, such as a reset. */
  readonly busy: Text | undefined;
  /** No step is left: `next` ends the session. */
  readonly finished: boolean;
}

export interface MachineTile {
  readonly name: string;
  readonly address: string;
  readonly forwarded: string | undefined;
  readonly state: MachineState;
  readonly version: string;
  readonly failures: readonly FailureVerb[];
  /** As a backend of the proxy; undefined when the proxy does not know it. */
  readonly backend: BackendTile | undefined;
  /** Visitor requests that it answered in the last seconds. */
  readonly served: number;
}

export interface BackendTile {
  readonly admin: string;
  readonly weight: number;
  readonly healthy: boolean;
  readonly breaker: BreakerState;
  /** Failures in a row, of those that open the breaker. */
  readonly failures: number;
  readonly failureThreshold: number;
  readonly retryInMs: number;
}

export interface ProxyTile {
  /** False: it does not answer its command socket. */
  readonly answers: boolean;
  readonly mainPid: number | undefined;
  readonly workerPids: readonly number[];
}

export interface RibbonMark {
  readonly visitor: string;
  readonly outcome: 'answered' | 'error' | 'lost' | 'slow';
  readonly machine: string | undefined;
  readonly version: string | undefined;
  readonly status: number | undefined;
}

export interface StepMark {
  readonly id: string;
  readonly title: Text;
  readonly state: 'done' | 'skipped' | 'current' | 'ahead';
}

export interface StepView {
  readonly id: string;
  readonly number: number;
  readonly title: Text;
  readonly say: Text;
  /** Asked and not yet answered: the commands are shown once it is. */
  readonly prediction: PredictionView | undefined;
  /** What to type, in order; empty for a step that only looks, and until a prediction is made. */
  readonly commands: readonly string[];
  /** What of it can be told to the program that makes the machines instead, in its own words. */
  readonly natives: readonly string[];
  readonly checks: readonly CheckView[];
  /** Promises that are kept, or broken, while the step is done. */
  readonly promises: readonly CheckView[];
  /** All checks are green. */
  readonly done: boolean;
  readonly recap: Text | undefined;
}

export interface PredictionView {
  readonly ask: Text;
  readonly choices: readonly { readonly id: string; readonly text: Text }[];
  readonly chosen: string | undefined;
  /** What really happened, once the step is done. */
  readonly happened: string | undefined;
}

export interface CheckView {
  readonly id: string;
  readonly claim: Text;
  readonly state: 'green' | 'holding' | 'red' | 'unknown';
  /** The verdict's reason in the learner's language. */
  readonly because: string;
  /** The diagnosis that fits, when one does. */
  readonly diagnosis: Text | undefined;
}

export type Panel =
  | { readonly kind: 'hint'; readonly rung: number; readonly rungs: number; readonly text: Text }
  /** `done`: how many of the commands the kit has run, when it was asked to. */
  | { readonly kind: 'solution'; readonly commands: readonly string[]; readonly done: number }
  | { readonly kind: 'why'; readonly lines: readonly string[] }
  | { readonly kind: 'steps' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'question'; readonly ask: Text };

/** What a learner may ask for, by a key or by a word on its own line. */
export type LearnRequest =
  | { readonly kind: 'next' | 'hint' | 'solve' | 'reset' | 'undo' | 'skip' | 'list' }
  /** `check`: counted from 1, promises behind the checks; default: the first that is not green. */
  | { readonly kind: 'why'; readonly check?: number }
  | { readonly kind: 'quit' | 'language' | 'keys' | 'close' | 'yes' | 'no' }
  /** Counted from 1. */
  | { readonly kind: 'go-to'; readonly step: number }
  /** Counted from 1. */
  | { readonly kind: 'predict'; readonly choice: number };
