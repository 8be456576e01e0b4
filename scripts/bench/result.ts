/** What a scenario found out, and what Relais promises about it. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Verdict {
  readonly text: string;
  /** Undefined: not measured, and so not held. */
  readonly measured: string | undefined;
  readonly held: boolean;
}

export interface ScenarioResult {
  readonly scenario: string;
  /** Without these the figures mean nothing. */
  readonly conditions: string;
  readonly table: Table;
  /** Peers that are missing or failed, rounds that do not count. */
  readonly notes: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** What was measured, for programs. */
  readonly figures: unknown;
  /** A peer that should have been measured could not be. */
  readonly failed: boolean;
}

export function summarize(numbers: readonly number[]): Summary | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (min === undefined || max === undefined || low === undefined || high === undefined) {
    return undefined;
  }
  return { median: (low + high) / 2, min, max };
}

export function median(numbers: readonly number[]): number | undefined {
  return summarize(numbers)?.median;
}

/** `value` undefined or not a number: there is nothing that could hold. */
export function verdict(
  text: string,
  value: number | undefined,
  holds: (value: number) => boolean,
  show: (value: number) => string,
): Verdict {
  if (value === undefined || Number.isNaN(value)) return { text, measured: undefined, held: false };
  return { text, measured: show(value), held: holds(value) };
}

export function decimals(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
}

export function mebibytes(bytes: number | undefined, digits = 0): string {
  return decimals(bytes && bytes / 2 ** 20, digits);
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}
