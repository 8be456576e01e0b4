/** What is wrong or odd in a config file, each with the place where it stands. */
import type { z } from 'zod';
import { suggest } from '../shared/nearest.ts';

export type KeyPath = readonly (string | number)[];

export class Findings {
  readonly errors: string[] = [];
  /** Most likely a slip. */
  readonly warnings: string[] = [];
  /** Worth knowing, nothing to mend. */
  readonly notes: string[] = [];
  readonly #source: string;
  readonly #lineOf: (path: KeyPath) => number;

  constructor(source: string, lineOf: (path: KeyPath) => number) {
    this.#source = source;
    this.#lineOf = lineOf;
  }

  lineOf(path: KeyPath): number {
    return this.#lineOf(path);
  }

  error(path: KeyPath, message: string): void {
    this.errors.push(this.#place(path, message));
  }

  warn(path: KeyPath, message: string): void {
    this.warnings.push(this.#place(path, message));
  }

  note(path: KeyPath, message: string): void {
    this.notes.push(this.#place(path, message));
  }

  /** Decodes a value and collects every problem; undefined when there was one. */
  decode<T>(schema: z.ZodType<T>, value: unknown, path: KeyPath): T | undefined {
    const decoded = schema.safeParse(value, { reportInput: true });
    if (decoded.success) return decoded.data;
    for (const issue of decoded.error.issues) {
      this.error([...path, ...issue.path.filter(isKey)], explain(issue));
    }
    return undefined;
  }

  #place(path: KeyPath, message: string): string {
    const key = path.length === 0 ? '' : `${showPath(path)}: `;
    return `${this.#source}:${this.#lineOf(path)}: ${key}${message}`;
  }
}

function isKey(key: PropertyKey): key is string | number {
  return typeof key !== 'symbol';
}

function showPath(path: KeyPath): string {
  return path
    .map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list [ … ]',
  object: 'a table',
  record: 'a table',
};

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    const expected = typeNames[issue.expected] ?? issue.expected;
    if (issue.input === undefined) return `is missing; it must be ${expected}`;
    return `must be ${expected}, not ${JSON.stringify(issue.input)}`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return `${JSON.stringify(issue.input)} is not possible${suggest(String(issue.input), values)}`;
  }
  return issue.message;
}
