/** The faults and limits that the running app can be told to have, and the rules for setting them. */
import { closest } from 'fastest-levenshtein';

export interface Knobs {
  /** Milliseconds that each page waits before it is answered. */
  readonly delayMs: number;
  /** Share of pages answered with an error, from 0 to 1. */
  readonly errorRate: number;
  /** Status of those errors: 500 to 504. */
  readonly errorStatus: number;
  /** Does `/status` answer 503? */
  readonly statusFailing: boolean;
  /** Pages at once that the machine can do at full speed; more make all slower, twice as many are refused. 0: no limit. */
  readonly capacity: number;
  /** Milliseconds after the start in which the capacity grows from a tenth to all of it. */
  readonly warmUpMs: number;
}

export const HEALTHY: Knobs = {
  delayMs: 0,
  errorRate: 0,
  errorStatus: 500,
  statusFailing: false,
  capacity: 0,
  warmUpMs: 0,
};

export const MAX_DELAY_MS = 600_000;

const MAX_CAPACITY = 100_000;

interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly says: string;
}

const rules: Readonly<Record<keyof Knobs, Rule>> = {
  delayMs: wholeUpTo(MAX_DELAY_MS),
  errorRate: { accepts: value => isBetween(value, 0, 1), says: 'a number from 0 to 1' },
  errorStatus: {
    accepts: value => Number.isInteger(value) && isBetween(value, 500, 504),
    says: 'a whole number from 500 to 504',
  },
  statusFailing: { accepts: value => typeof value === 'boolean', says: 'true or false' },
  capacity: wholeUpTo(MAX_CAPACITY),
  warmUpMs: wholeUpTo(MAX_DELAY_MS),
};

function wholeUpTo(most: number): Rule {
  return {
    accepts: value => Number.isInteger(value) && isBetween(value, 0, most),
    says: `a whole number from 0 to ${most}`,
  };
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

export type KnobsUpdate =
  | { readonly ok: true; readonly knobs: Knobs }
  | { readonly ok: false; readonly error: string };

/** The value that a body holds; undefined when there is no body or when it is no JSON. */
export function parseKnobs(body: unknown): unknown {
  try {
    return JSON.parse(String(body ?? ''));
  } catch {
    return undefined;
  }
}

/** Applies the given knobs to the current ones: all of them, or none and the reason. */
export function updateKnobs(current: Knobs, wanted: unknown): KnobsUpdate {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    const example = JSON.stringify({ ...HEALTHY, delayMs: 500 });
    return { ok: false, error: `send a JSON object, for example ${example}` };
  }
  for (const [key, value] of Object.entries(wanted)) {
    const error = problemWith(key, value);
    if (error !== undefined) return { ok: false, error };
  }
  return { ok: true, knobs: { ...current, ...wanted } };
}

function problemWith(key: string, value: unknown): string | undefined {
  const rule = Object.hasOwn(rules, key) ? rules[key as keyof Knobs] : undefined;
  if (rule === undefined) {
    return `there is no knob "${key}": did you mean "${closest(key, Object.keys(rules))}"?`;
  }
  if (rule.accepts(value)) return undefined;
  return `"${key}" must be ${rule.says}, not ${JSON.stringify(value)}`;
}
