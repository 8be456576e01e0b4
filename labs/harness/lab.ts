/** What a lab is: a typed value that is run, printed as commands, and judged. */
import type { FailureVerb } from '../../vms/machine.ts';
import type { Action, AppVersion } from './actions.ts';
import type { Place } from './place.ts';
import type { Probe } from './probes.ts';
import type { ProxyPlan } from './proxy-plan.ts';
import type { Text } from './text.ts';
import type { Kit } from './words.ts';

export type Octets = `${number}.${number}.${number}.${number}`;
export type Duration = `${number}ms` | `${number}s` | `${number}m`;

export interface AppRef {
  readonly app: 'hello';
  readonly version: AppVersion;
  /** Further environment variables of the app; `{proxy}` in one is the address of the proxy. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface LabMachine {
  readonly ip: Octets;
  readonly forwardedPort: number;
  readonly app: AppRef;
  /** Started with the lab although it is in no cluster then. */
  readonly up?: boolean;
}

/** An always-on client with a label: without traffic there is nothing to see and nothing to prove. */
export interface Visitor {
  readonly perSecond: number;
  readonly keepAlive: boolean;
  /** Default `/`. */
  readonly path?: string;
  /** The Host it asks for; default: that of the site. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Brings back the cookies that it was given. */
  readonly cookies?: boolean;
  /**
   * Presses the button of the page (POST `/engage`) after this share of the good pages of each
   * version, from 0 to 1: `{ v1: 0.1 }` after every tenth of v1. A version left out: never.
   */
  readonly engages?: Readonly<Partial<Record<AppVersion, number>>>;
}

/** `within`: becomes true in time. `for`: then stays true that long. */
export interface Window {
  readonly within?: Duration;
  readonly for?: Duration;
}

export interface Diagnosis {
  readonly when: Probe;
  readonly say: Text;
}

/** A failure, a connect to a blackhole that stays unanswered, or a program that may not be installed. */
export type Imitable = FailureVerb | 'silent-connect' | 'prometheus';

/** What is true instead where this is imitated; the claim says what differs. */
export interface Imitated {
  readonly verb: Imitable;
  readonly claim: Text;
  readonly probe: Probe;
}

export interface Check {
  readonly id: string;
  /** What the learner is told to be true. */
  readonly claim: Text;
  readonly probe: Probe;
  /** Default: within 5 s. */
  readonly window?: Window;
  /** First match is told when the check fails. */
  readonly because?: readonly Diagnosis[];
  /** Judged in place of claim and probe when the provider cannot do the failure truly. */
  readonly imitated?: Imitated;
}

/** Asked before the learner acts; graded by what really happens, never by a stored answer. */
export interface Prediction {
  readonly ask: Text;
  readonly choices: readonly [Choice, Choice, ...Choice[]];
}

export interface Choice {
  readonly id: string;
  readonly text: Text;
  /** Judged when the step has ended; it holds for exactly one choice. */
  readonly trueWhen: Probe;
}

/** A wrong move that people make in this step, and what they are told then. */
export interface Mistake {
  readonly id: string;
  readonly act: readonly Action[];
  /** The check whose diagnosis must fit, and which of its diagnoses. */
  readonly diagnosis: { readonly check: string; readonly because: number };
}

/** A page seen by a visitor with a fresh browser context, kept as a screenshot. */
export interface Shot {
  readonly id: string;
  readonly visitor: string;
  /** Default: the site itself. */
  readonly at?: Place;
  readonly alt: Text;
}

export interface Step {
  readonly id: string;
  readonly title: Text;
  readonly minutes: number;
  readonly say: Text;
  readonly predict?: Prediction;
  readonly act: readonly Action[];
  /** Nobody asks for anything while the step is done, so that what it measures is not disturbed. */
  readonly visitors?: 'rest';
  readonly check: readonly [Check, ...Check[]];
  /** Must hold for every record while the step is done. */
  readonly during?: readonly Check[];
  readonly see?: readonly Shot[];
  /** A ladder: a nudge, then where to look. The commands themselves are its last rung by themselves. */
  readonly hints?: readonly Text[];
  readonly mistakes?: readonly Mistake[];
  readonly recap?: Text;
}

type Names<T> = Extract<keyof T, string>;

export interface LabSpec<
  M extends Readonly<Record<string, LabMachine>>,
  V extends Readonly<Record<string, Visitor>>,
> {
  readonly id: string;
  readonly title: Text;
  readonly summary: Text;
  readonly minutes: number;
  readonly machines: M;
  /** Backends in the proxy's config at the start; the others wait for `backend add`. */
  readonly backends: readonly Names<M>[];
  /** What the proxy's configuration has besides the cluster `webapp` in its plainest form. */
  readonly proxy?: ProxyPlan<Names<M>>;
  readonly visitors: V;
  /** Must hold for every record of the run, from the first visitor to the last. */
  throughout?(kit: Kit<Names<M>, Names<V>>): readonly Check[];
  steps(kit: Kit<Names<M>, Names<V>>): readonly [Step, ...Step[]];
}

/** A lab as the engine runs it: the spec with its kit filled in. */
export interface Lab {
  readonly id: string;
  readonly title: Text;
  readonly summary: Text;
  readonly minutes: number;
  readonly machines: Readonly<Record<string, LabMachine>>;
  readonly backends: readonly string[];
  readonly proxy: ProxyPlan<string>;
  readonly visitors: Readonly<Record<string, Visitor>>;
  readonly throughout: readonly Check[];
  readonly steps: readonly [Step, ...Step[]];
}
