/** A proxy under test, between the judge's client and its witness. */
import type { Witness } from './witness.ts';

export interface Subject {
  readonly name: string;
  readonly port: number;
  readonly witness: Witness;
  /** How long nothing may happen where something must. */
  readonly patienceMs: number;
  /** Between two packets that must not become one, and before anything is asked behind them. */
  readonly settleMs: number;
}
