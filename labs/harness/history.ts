/**
 * What a run records. Checks judge these records and nothing else, so a verdict can be given
 * again from `history.ndjson`, and the report draws from the same source.
 */
import type { BackendReport, BackendSnapshot, ProxyEvent } from '../../proxy/index.ts';
import type { FailureVerb, Knobs, MachineState } from '../../vms/machine.ts';

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
  /** It asked for no page, it pressed the button of one. */
  readonly engages?: true;
  /** Sent with the request; the proxy's access log has the same. */
  readonly requestId?: string;
  /** Absent when no complete answer came. */
  readonly status?: number;
  readonly machine?: string;
  readonly version?: string;
  /** A few of the answer, by lower-case name: who answered, and what of the connection. */
  readonly headers?: Readonly<Record<string, string>>;
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
  /** What its running app was told; absent: nothing. */
  readonly knobs?: Knobs;
  /** How the provider imitated the failure, when it did. */
  readonly imitated?: string;
}

/** A line of a log; logs are followed only when a probe of the lab asks for them. */
export interface LogRecord extends Recorded {
  readonly kind: 'log';
  /** A machine, whose app printed the line, or `proxy` for its access log. */
  readonly source: string;
  readonly line: string;
  /** The rest is told when the line is JSON and says so: the request that it is about, … */
  readonly requestId?: string;
  /** … the trace that the request belongs to (32 hex digits), … */
  readonly traceId?: string;
  /** … and how long it took. */
  readonly durationMs?: number;
}

export interface ProxyEventRecord extends Recorded {
  readonly kind: 'proxy-event';
  readonly event: ProxyEvent;
}

/** With the countdown of its health checks, where there are any. */
export type SampledBackend = BackendSnapshot & Pick<BackendReport, 'check'>;

/** Identity and backends of the proxy, sampled. */
export interface ProxyRecord extends Recorded {
  readonly kind: 'proxy';
  readonly mainPid: number;
  readonly workerPids: readonly number[];
  /** Of everything that it was told to do. */
  readonly stateHash?: string;
  /** Client connections of all workers. */
  readonly clients?: number;
  /** Resident memory of all processes; absent where the system does not tell. */
  readonly memoryMiB?: number;
  readonly backends: readonly SampledBackend[];
  /** Where a lab asks for it: the config file, compared with what runs. */
  readonly file?: FileComparison;
}

/** `changes`: what a reload would add, change and remove. */
export type FileComparison = { readonly changes: number } | { readonly problem: string };

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
  /** `left`: a learner went on although it was not done. */
  readonly phase: 'start' | 'acted' | 'end' | 'left';
}

export type HistoryRecord =
  | RequestRecord
  | PageRecord
  | ConnectRecord
  | MachineRecord
  | LogRecord
  | ProxyEventRecord
  | ProxyRecord
  | ActionRecord
  | StepRecord;
