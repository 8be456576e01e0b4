/** The outcome as JUnit XML, which every CI system reads. One check is one test case. */
import type { CheckResult, RunResult, StepResult } from '../harness/result.ts';
import type { Verdict } from '../harness/verdict.ts';
import { escapeMarkup } from './markup.ts';

interface Case {
  readonly suite: string;
  readonly name: string;
  readonly seconds: string;
  readonly verdict: Verdict;
}

export function renderJunit(result: RunResult): string {
  const steps = result.steps.map(step => suiteOf(result.lab, step));
  const suites = [...steps, ...runSuite(result)];
  const cases = suites.flatMap(suite => suite.cases);
  const attributes = `${counts(cases)} time="${seconds(result.durationMs)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeMarkup(result.lab)}" ${attributes}>`,
    ...suites.map(suite => renderSuite(suite, result)),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  readonly name: string;
  readonly seconds: string;
  readonly cases: readonly Case[];
}

function suiteOf(lab: string, step: StepResult): Suite {
  const name = `${lab}.${step.id}`;
  const cases = step.checks.map(check => caseOf(name, check));
  return { name, seconds: seconds(step.durationMs), cases };
}

function caseOf(suite: string, { id, durationMs, verdict }: CheckResult): Case {
  return { suite, name: id, seconds: seconds(durationMs), verdict };
}

/** A run cut short, or one that judged nothing, must not look green. */
function runSuite(result: RunResult): readonly Suite[] {
  const judged = result.steps.some(step => step.checks.length > 0);
  if (judged && !result.interrupted) return [];
  const because = result.interrupted ? 'the run was interrupted' : result.verdict.because;
  const verdict: Verdict = { kind: 'unknown', because };
  const name = `${result.lab}.run`;
  const time = seconds(result.durationMs);
  const cases = [{ suite: name, name: 'completed', seconds: time, verdict }];
  return [{ name, seconds: time, cases }];
}

function renderSuite(suite: Suite, result: RunResult): string {
  const attributes = `name="${escapeMarkup(suite.name)}" ${counts(suite.cases)} time="${suite.seconds}"`;
  return [
    `  <testsuite ${attributes} timestamp="${escapeMarkup(result.startedAt)}">`,
    ...properties(result),
    ...suite.cases.map(renderCase),
    '  </testsuite>',
  ].join('\n');
}

function properties({ provider, environment, interrupted }: RunResult): readonly string[] {
  const values = Object.entries({ provider, ...environment, interrupted });
  const lines = values.map(
    ([name, value]) =>
      `      <property name="${escapeMarkup(name)}" value="${escapeMarkup(String(value))}"/>`,
  );
  return ['    <properties>', ...lines, '    </properties>'];
}

function renderCase({ suite, name, seconds: time, verdict }: Case): string {
  const opening = `    <testcase classname="${escapeMarkup(suite)}" name="${escapeMarkup(name)}" time="${time}"`;
  if (verdict.kind === 'pass') return `${opening}/>`;
  const because = escapeMarkup(verdict.because);
  const outcome =
    verdict.kind === 'fail'
      ? `<failure message="${because}">${because}</failure>`
      : `<error type="unknown" message="${because}">${because}</error>`;
  return `${opening}>\n      ${outcome}\n    </testcase>`;
}

function counts(cases: readonly Case[]): string {
  const number = (kind: Verdict['kind']): number =>
    cases.filter(one => one.verdict.kind === kind).length;
  return `tests="${cases.length}" failures="${number('fail')}" errors="${number('unknown')}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
