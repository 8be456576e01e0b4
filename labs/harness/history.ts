/**
 * What a run records. Checks judge these records and nothing else, so a verdict can be given
 * again from `history.ndjson`, and the report draws from the same source.
 */
import type { BackendSnapshot, ProxyEvent } from '../../proxy/index.ts';
import type { FailureVerb, MachineState } from '../../vms/machine.ts';

interface Recorded {
  /** Milliseconds since the run began (monotonic), when it was recorded. */
  readonly at: number;
}

/** One request of an always-on visitor, recorded when it ended. */
export interface RequestRecord extends Recorded {
  readonly kind: 'request';
  readonly visitor: string;
  readonly keepAlive: boolean;
  /** Counts each visitor's requests from 1. */
  readonly number: number;
  readonly startedAt: number;
  readonly durationMs: number;
  /** Absent when no complete answer came. */
  readonly status?: number;
  readonly machine?: string;
  readonly version?: string;
  /** Why no complete answer came, for example `ECONNRESET`. */
  readonly error?: string;
}

/** What a browser showed, in a context of its own. */
export interface PageRecord extends Recorded {
  readonly kind: 'page';
  /** Label of the browser context. */
  readonly visitor: string;
  readonly url: string;
  readonly status: number;
  /** The reason phrase that reached the browser. */
  readonly reason: string;
  /** Visible text, white space folded. */
  readonly text: string;
  readonly machine?: string;
  readonly version?: string;
  /** Path of the screenshot inside the run folder. */
  readonly shot?: string;
}

/** A raw TCP connect from beside the machines: what a client of a failing machine sees. */
export interface ConnectRecord extends Recorded {
  readonly kind: 'connect';
  readonly machine: string;
  readonly address: string;
  readonly outcome: 'connected' | 'refused' | 'unreachable' | 'silent';
  readonly durationMs: number;
  /** Failure in force when it was tried. */
  readonly failure?: FailureVerb;
}

export interface MachineRecord extends Recorded {
  readonly kind: 'machine';
  readonly machine: string;
  readonly state: MachineState;
  readonly failures: readonly FailureVerb[];
  readonly address: string;
  readonly version: string;
  /** How the provider imitated the failure, when it did. */
  readonly imitated?: string;
}

export interface ProxyEventRecord extends Recorded {
  readonly kind: 'proxy-event';
  readonly event: ProxyEvent;
}

/** Identity and backends of the proxy, sampled. */
export interface ProxyRecord extends Recorded {
  readonly kind: 'proxy';
  readonly mainPid: number;
  readonly workerPids: readonly number[];
  readonly backends: readonly BackendSnapshot[];
}

/** An action of a step, with the command a learner would type. */
export interface ActionRecord extends Recorded {
  readonly kind: 'action';
  readonly step: string;
  readonly command: string;
  readonly phase: 'start' | 'end';
  readonly error?: string;
}

export interface StepRecord extends Recorded {
  readonly kind: 'step';
  readonly step: string;
  readonly phase: 'start' | 'acted' | 'end';
}

export type HistoryRecord =
  | RequestRecord
  | PageRecord
  | ConnectRecord
  | MachineRecord
  | ProxyEventRecord
  | ProxyRecord
  | ActionRecord
  | StepRecord;
