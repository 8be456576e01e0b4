/** The outcome as TAP 14 (testanything.org). What is undecided is not ok. */
import type { RunResult } from '../harness/result.ts';
import { type Case, suitesOf } from './cases.ts';

export function renderTap(result: RunResult): string {
  const cases = suitesOf(result).flatMap(suite => suite.cases);
  const lines = cases.flatMap((one, index) => renderCase(one, index + 1, result));
  return ['TAP version 14', `1..${cases.length}`, ...lines, ''].join('\n');
}

function renderCase(
  { suite, name, claim, durationMs, verdict }: Case,
  number: number,
  { language }: RunResult,
): readonly string[] {
  const ok = verdict.kind === 'pass' ? 'ok' : 'not ok';
  return [
    `${ok} ${number} - ${asDescription(`${suite}.${name}`)}`,
    '  ---',
    `  verdict: ${verdict.kind}`,
    ...(claim === undefined ? [] : [`  claim: ${JSON.stringify(claim[language])}`]),
    `  because: ${JSON.stringify(verdict.because)}`,
    `  duration_ms: ${Math.round(durationMs)}`,
    '  ...',
  ];
}

/** A number sign begins a directive, and a line is a case. */
function asDescription(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\#]/g, '\\$&');
}
