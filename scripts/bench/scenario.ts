/** One thing that the bench can measure. */
import type { Crew } from './crew.ts';
import type { BenchOptions } from './options.ts';
import type { Peer } from './peer.ts';
import type { ScenarioResult } from './result.ts';

export interface BenchRun {
  readonly crew: Crew;
  /** Empty, of this scenario alone, removed behind it. */
  readonly folder: string;
  readonly options: BenchOptions;
  /** Those that were asked for and that this scenario knows how to measure. */
  readonly peers: readonly Peer[];
  readonly say: (line: string) => void;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** The peers that are worth measuring here. */
  readonly peers: readonly Peer[];
  run(run: BenchRun): Promise<ScenarioResult>;
}
