/** What is wrong or odd in a config file, each with the place where it stands. */
import type * as z from 'zod';
import { explainIssue, issuePath } from './explain-issue.ts';

export type KeyPath = readonly (string | number)[];

/** One change that mends a finding without any choice left to a person. */
export type Edit =
  | { readonly kind: 'rename-key'; readonly path: KeyPath; readonly to: string }
  /** `to` is text in quotes once it stands in the file. */
  | { readonly kind: 'set-text'; readonly path: KeyPath; readonly to: string }
  /** An element of a list that stands in one pair of brackets. */
  | { readonly kind: 'remove-element'; readonly path: KeyPath }
  /** Of an answer file, absolute; lines count from 1. */
  | { readonly kind: 'insert-blank-line'; readonly file: string; readonly before: number }
  | { readonly kind: 'remove-line'; readonly file: string; readonly line: number };

/** What a finding may say beside what is wrong. */
export interface Advice {
  /** What comes of it. */
  readonly why?: string;
  /** What to do, as an order. */
  readonly fix?: string;
  readonly edit?: Edit;
}

export interface Finding extends Advice {
  /** `warning`: most likely a slip. `note`: worth knowing, nothing to mend. */
  readonly severity: 'error' | 'warning' | 'note';
  readonly file: string;
  readonly line: number;
  /** Only of text that is no TOML. */
  readonly column?: number;
  /** `clusters.web.backends[2].address`; '' for the file as a whole. */
  readonly key: string;
  readonly what: string;
}

export class Findings {
  readonly list: Finding[] = [];
  readonly #source: string;
  readonly #lineOf: (path: KeyPath) => number;

  constructor(source: string, lineOf: (path: KeyPath) => number) {
    this.#source = source;
    this.#lineOf = lineOf;
  }

  get hasErrors(): boolean {
    return this.list.some(({ severity }) => severity === 'error');
  }

  lineOf(path: KeyPath): number {
    return this.#lineOf(path);
  }

  error(path: KeyPath, what: string, advice: Advice = {}): void {
    this.#add('error', path, what, advice);
  }

  warn(path: KeyPath, what: string, advice: Advice = {}): void {
    this.#add('warning', path, what, advice);
  }

  note(path: KeyPath, what: string, advice: Advice = {}): void {
    this.#add('note', path, what, advice);
  }

  /** Decodes a value and collects every problem; undefined when there was one. */
  decode<T>(schema: z.ZodType<T>, value: unknown, path: KeyPath): T | undefined {
    const decoded = schema.safeParse(value, { reportInput: true });
    if (decoded.success) return decoded.data;
    for (const issue of decoded.error.issues) {
      this.error([...path, ...issuePath(issue)], explainIssue(issue));
    }
    return undefined;
  }

  #add(severity: Finding['severity'], path: KeyPath, what: string, advice: Advice): void {
    const line = this.#lineOf(path);
    this.list.push({ severity, file: this.#source, line, key: showPath(path), what, ...advice });
  }
}

/** In one line, as logs and messages have it: `proxy.toml:7: clusters.web: has no backends`. */
export function showFinding({ file, line, column, key, what }: Finding): string {
  const place = column === undefined ? line : `${line}:${column}`;
  return `${file}:${place}: ${key === '' ? '' : `${key}: `}${what}`;
}

export function findingTexts(list: readonly Finding[], severity: Finding['severity']): string[] {
  return list.filter(each => each.severity === severity).map(showFinding);
}

function showPath(path: KeyPath): string {
  return path
    .map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}
