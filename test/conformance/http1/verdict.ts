/** What is found about one case at one proxy. */
import type { Field } from './strict-reader.ts';

export interface Verdict {
  /** `safe`: not what was asked for, but the RFC permits it and nothing is ambiguous. */
  readonly kind: 'pass' | 'safe' | 'fail';
  readonly why: string;
}

export const PASS: Verdict = { kind: 'pass', why: '' };

export function fail(why: string): Verdict {
  return { kind: 'fail', why };
}

export function safe(why: string): Verdict {
  return { kind: 'safe', why };
}

export type WantedFields = Readonly<Record<string, string | RegExp | null>>;

/** Undefined when all are as wanted. A pattern that matches '' needs no field. */
export function fieldProblem(
  fields: readonly Field[],
  wanted: WantedFields = {},
): string | undefined {
  for (const [name, value] of Object.entries(wanted)) {
    const found = fields.filter(([each]) => each === name).map(([, text]) => text);
    const shown = found.length === 0 ? 'nothing' : JSON.stringify(found);
    if (value === null && found.length > 0) return `${name} arrives: ${shown}`;
    if (typeof value === 'string' && (found.length !== 1 || found[0] !== value)) {
      return `${name} should be ${JSON.stringify(value)}, not ${shown}`;
    }
    if (value instanceof RegExp && !(found.length <= 1 && value.test(found[0] ?? ''))) {
      return `${name} should match ${value}, not ${shown}`;
    }
  }
  return undefined;
}
