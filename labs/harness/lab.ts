/** What a lab is: a typed value that is run, printed as commands, and judged. */
import type { FailureVerb } from '../../vms/machine.ts';
import type { Action } from './actions.ts';
import type { Probe } from './probes.ts';
import type { Text } from './text.ts';

export type Octets = `${number}.${number}.${number}.${number}`;
export type Duration = `${number}ms` | `${number}s` | `${number}m`;

export interface AppRef {
  readonly app: 'hello';
  readonly version: 'v1' | 'v2';
}

export interface LabMachine {
  readonly ip: Octets;
  readonly forwardedPort: number;
  readonly app: AppRef;
}

/** An always-on client with a label: without traffic there is nothing to see and nothing to prove. */
export interface Visitor {
  readonly perSecond: number;
  readonly keepAlive: boolean;
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

/** What is true instead where a provider imitates this failure; the claim says what differs. */
export interface Imitated {
  readonly verb: FailureVerb;
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

/** A page seen by a visitor with a fresh browser context, kept as a screenshot. */
export interface Shot {
  readonly id: string;
  readonly visitor: string;
  readonly alt: Text;
}

export interface Step {
  readonly id: string;
  readonly title: Text;
  readonly minutes: number;
  readonly say: Text;
  readonly act: readonly Action[];
  /** Nobody asks for anything while the step is done, so that what it measures is not disturbed. */
  readonly visitors?: 'rest';
  readonly check: readonly [Check, ...Check[]];
  /** Must hold for every record while the step is done. */
  readonly during?: readonly Check[];
  readonly see?: readonly Shot[];
  readonly hints?: readonly Text[];
  readonly recap?: Text;
}

/** The words handed to `steps`, typed by the lab's own machine names. */
export interface Kit<M extends string> {
  readonly machines: {
    up(...machines: readonly M[]): Action;
    down(machine: M, how: FailureVerb): Action;
    heal(machine: M): Action;
    /** Raw connects from beside the machines, to show what a client of each sees. */
    measure(...machines: readonly M[]): Action;
  };
  readonly proxy: {
    add(machine: M): Action;
    /** No new request from the moment it returns; ends when the last request has ended. */
    remove(machine: M): Action;
  };
  readonly expect: Expect<M>;
}

export interface Expect<M extends string> {
  served(by: 'every' | 'only' | 'none', ...machines: readonly M[]): Probe;
  /** The latest requests of every visitor were answered with this status. */
  status(code: number): Probe;
  /** Every visitor request got a complete answer below 500. */
  noFailedRequest(): Probe;
  breaker(state: 'open' | 'closed' | 'half-open', machine: M): Probe;
  backends(...machines: readonly M[]): Probe;
  /** A raw connect to the machine ended like this, or like one of these. */
  connect(
    machine: M,
    ...outcomes: readonly ('connected' | 'refused' | 'unreachable' | 'silent')[]
  ): Probe;
  /** Main process and workers are the ones that started. */
  proxyNeverRestarted(): Probe;
  /** The machine answers on its forwarded port, without the proxy. */
  direct(machine: M): Probe;
  /** Browser: separate contexts show at least this many different machines at one URL. */
  pagesDiffer(atLeast: number): Probe;
  /** Browser: the page has this status (and reason phrase) and shows this text. */
  page(shows: { readonly status: number; readonly text: string; readonly reason?: string }): Probe;
  /** An address appears twice, or a declared machine is in no cluster. */
  addressMistake(): Probe;
}

export interface LabSpec<M extends Readonly<Record<string, LabMachine>>> {
  readonly id: string;
  readonly title: Text;
  readonly summary: Text;
  readonly minutes: number;
  readonly machines: M;
  /** Backends in the proxy's config at the start; the others wait for `backend add`. */
  readonly backends: readonly Extract<keyof M, string>[];
  readonly visitors: Readonly<Record<string, Visitor>>;
  /** Must hold for every record of the run, from the first visitor to the last. */
  throughout?(kit: Kit<Extract<keyof M, string>>): readonly Check[];
  steps(kit: Kit<Extract<keyof M, string>>): readonly [Step, ...Step[]];
}

/** A lab as the engine runs it: the spec with its kit filled in. */
export interface Lab {
  readonly id: string;
  readonly title: Text;
  readonly summary: Text;
  readonly minutes: number;
  readonly machines: Readonly<Record<string, LabMachine>>;
  readonly backends: readonly string[];
  readonly visitors: Readonly<Record<string, Visitor>>;
  readonly throughout: readonly Check[];
  readonly steps: readonly [Step, ...Step[]];
}
