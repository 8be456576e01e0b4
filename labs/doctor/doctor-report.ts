/** `lab doctor --json`: its form is told in docs/doctor.md. */
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import type { Judgement } from './judge/judge.ts';

/** Raised when a reader of the form before could misread it; new keys alone raise nothing. */
const SCHEMA = 1;

export interface DoctorReport {
  readonly schema: number;
  readonly ready: boolean;
  /** null when there are none. */
  readonly machines: string | null;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
}

export function doctorReport(facts: Facts, { ready, machines, findings }: Judgement): DoctorReport {
  return { schema: SCHEMA, ready, machines: machines ?? null, findings, facts };
}
