/** A fault: what is done, how often, and to a proxy with which settings. */
import type { Stage } from './stage.ts';

export interface Fault {
  readonly name: string;
  /** What is done each time, in a few words. */
  readonly about: string;
  readonly times: number;
  /** In the short form, which runs with the tests. */
  readonly shortTimes: number;
  /** Lines of TOML at the top of the configuration. */
  readonly settings?: string;
  /** Rejects, or writes down a problem, when something else than a request goes wrong. */
  readonly strike: (stage: Stage, round: number) => Promise<void>;
}
