/**
 * Patterns in the syntax of RE2: matching takes time in proportion to the text, whatever both are.
 * The factor is the size of the compiled pattern, so that has a limit, too.
 */
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

/** A pattern for a person fits on a screen. */
const MAX_PATTERN = 2000;
/** Of the compiled pattern: about one for each character, times the repetitions around it. */
const MAX_STEPS = 300;
/** Of all counts in `{n,m}` together, so that a pattern that is too large is not compiled first. */
const MAX_REPEATS = 1000;

/** Upper and lower case are the same with `anyCase`. The error says what is wrong, and where. */
export function compileRegex(pattern: string, anyCase = false): Result<LinearRegex, string> {
  if (pattern.length > MAX_PATTERN) {
    return err(`the pattern is longer than ${MAX_PATTERN} characters`);
  }
  const repeats = repeatsIn(pattern);
  if (repeats > MAX_REPEATS) {
    return err(`the pattern repeats ${repeats} times in all; ${MAX_REPEATS} is possible`);
  }
  try {
    const compiled = RE2JS.compile(pattern, anyCase ? RE2JS.CASE_INSENSITIVE : 0);
    const steps = compiled.programSize();
    if (steps > MAX_STEPS) {
      return err(
        `the pattern has ${steps} steps, each {n} counted n times; ${MAX_STEPS} are possible`,
      );
    }
    return ok({
      pattern,
      matches: text => compiled.testExact(text),
      isIn: text => compiled.test(text),
    });
  } catch (error) {
    return err(describe(pattern, error));
  }
}

function repeatsIn(pattern: string): number {
  const counts = pattern.matchAll(/\{(\d*),?(\d*)\}/g);
  return [...counts].reduce(
    (sum, [, least, most]) => sum + Math.max(Number(least), Number(most)),
    0,
  );
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
