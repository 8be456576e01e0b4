/** The outcome as JUnit XML, which every CI system reads. One check is one test case. */
import type { RunResult } from '../harness/result.ts';
import type { Verdict } from '../harness/verdict.ts';
import { type Case, type Suite, suitesOf } from './cases.ts';
import { escapeMarkup } from './markup.ts';

export function renderJunit(result: RunResult): string {
  const suites = suitesOf(result);
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

function renderSuite(suite: Suite, result: RunResult): string {
  const attributes = `name="${escapeMarkup(suite.name)}" ${counts(suite.cases)} time="${seconds(suite.durationMs)}"`;
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

function renderCase({ suite, name, durationMs, verdict }: Case): string {
  const opening = `    <testcase classname="${escapeMarkup(suite)}" name="${escapeMarkup(name)}" time="${seconds(durationMs)}"`;
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
