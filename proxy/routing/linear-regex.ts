/** Patterns in the syntax of RE2: matching takes time in proportion to the text, whatever both are. */
import { RE2JS } from 're2js';
import { err, ok, type Result } from '../shared/result.ts';

export interface LinearRegex {
  /** As it was written. */
  readonly pattern: string;
  /** Does all of the text match? */
  matches(text: string): boolean;
  /** Does a part of the text match? */
  isIn(text: string): boolean;
}

/** A pattern for a person must fit on a screen, and its program in memory. */
const MAX_PATTERN = 2000;

/** Upper and lower case are the same with `anyCase`. The error says what is wrong, and where. */
export function compileRegex(pattern: string, anyCase = false): Result<LinearRegex, string> {
  if (pattern.length > MAX_PATTERN) {
    return err(`the pattern is longer than ${MAX_PATTERN} characters`);
  }
  try {
    const compiled = RE2JS.compile(pattern, anyCase ? RE2JS.CASE_INSENSITIVE : 0);
    return ok({
      pattern,
      matches: text => compiled.testExact(text),
      isIn: text => compiled.test(text),
    });
  } catch (error) {
    return err(describe(pattern, error));
  }
}

function describe(pattern: string, error: unknown): string {
  const { error: what, input } = error as { readonly error?: string; readonly input?: unknown };
  if (what === undefined) {
    return `the pattern ${JSON.stringify(pattern)} cannot be compiled: ${String(error)}`;
  }
  const position = positionOf(pattern, what, typeof input === 'string' ? input : '\\');
  const hint = hints.find(([part]) => what.includes(part))?.[1] ?? '';
  return `the pattern ${JSON.stringify(pattern)} is wrong at character ${position + 1}: ${what}${hint}`;
}

const hints: readonly (readonly [part: string, hint: string])[] = [
  ['Perl syntax', ' (RE2 knows no look-around, so that no pattern is slow)'],
  ['escape sequence', ' (RE2 knows no back-references, so that no pattern is slow)'],
  ['repeat count', ' (at most 1000)'],
];

/** RE2 names the part that is wrong, but for parentheses it names the whole pattern. */
function positionOf(pattern: string, what: string, part: string): number {
  if (what.endsWith(')')) return oddParenthesis(pattern);
  return Math.max(0, part === '\\' ? pattern.length - 1 : pattern.indexOf(part));
}

function oddParenthesis(pattern: string): number {
  const open: number[] = [];
  // Escaped characters and classes are one piece each: what stands in them opens and closes nothing.
  for (const piece of pattern.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]])*\]|[()]/gs)) {
    if (piece[0] === '(') open.push(piece.index);
    else if (piece[0] === ')' && open.pop() === undefined) return piece.index;
  }
  return open.at(-1) ?? 0;
}
