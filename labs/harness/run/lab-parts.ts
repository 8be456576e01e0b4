/** What the engine needs of the world; the command line gives the real parts, tests their own. */
import type { Provider, ProviderName } from '../../../vms/provider.ts';
import type { HistoryRecord, RequestRecord } from '../history.ts';
import type { Lab, Visitor } from '../lab.ts';
import type { Narrator } from '../narrator/narration.ts';
import type { RunResult } from '../result.ts';
import type { Language, Text } from '../text.ts';
import type { Viewer } from './look.ts';
import type { Stage } from './stage.ts';

export interface RunOptions {
  readonly language: Language;
  /** Undefined: the best that works here. */
  readonly machines: ProviderName | undefined;
  /** What Vagrant drives, and from what; undefined: the best that is here. */
  readonly engine?: string | undefined;
  readonly box?: string | undefined;
  readonly browser: boolean;
  readonly headed: boolean;
  readonly slow: boolean;
  readonly keep: boolean;
  readonly instance: number;
  readonly seed: number;
  /** Folder of runs and instances. */
  readonly home: string;
  /** The program that is started as the proxy. */
  readonly proxyEntry: string;
  readonly version: string;
}

/** An instance that belongs to this run until it is released. */
export interface Claim {
  /** What a crashed run had left and this one removed. */
  readonly swept: readonly string[];
  release(): Promise<void>;
}

export interface OpenStage extends Stage {
  /** Ends the proxy at once, however it is, and starts it with the configuration of the start. */
  restartProxy(signal: AbortSignal): Promise<void>;
  /** Takes down machines and proxy; the second call waits for the first. */
  close(): Promise<void>;
  /** Leaves everything running, with what another terminal needs to find it. */
  leave(): Promise<void>;
}

export interface StageRequest {
  readonly lab: Lab;
  readonly provider: Provider;
  readonly options: RunOptions;
  /** Where the proxy's configuration is written. */
  readonly proxyFolder: string;
  readonly progress: (text: Text) => void;
}

export type OpenedBrowser =
  | { readonly found: true; readonly name: string; readonly viewer: Viewer; close(): Promise<void> }
  | { readonly found: false; readonly reason: string };

export interface LabVisitors {
  rest(): Promise<void>;
  resume(): void;
  stop(limitMs?: number): Promise<void>;
}

export interface LabParts {
  chooseProvider(
    wanted: ProviderName | undefined,
    how?: Pick<RunOptions, 'engine' | 'box'>,
  ): Promise<Provider>;
  claim(options: RunOptions, label: string): Promise<Claim>;
  /** Takes down what it made when it fails or is interrupted. */
  openStage(request: StageRequest, signal: AbortSignal): Promise<OpenStage>;
  openBrowser(options: RunOptions, signal: AbortSignal): Promise<OpenedBrowser>;
  startVisitors(request: {
    readonly url: string;
    readonly visitors: Readonly<Record<string, Visitor>>;
    readonly record: (request: Omit<RequestRecord, 'at'>) => void;
    readonly now: () => number;
  }): LabVisitors;
  writeReports(
    result: RunResult,
    history: readonly HistoryRecord[],
    folder: string,
  ): Promise<unknown>;
  readonly narrator: Narrator;
}
