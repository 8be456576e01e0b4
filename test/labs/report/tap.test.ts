/** TAP 14: one line per check, and nothing undecided that looks green. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderTap } from '../../../labs/report/tap.ts';
import { sampleResult } from './sample-run.ts';

describe('renderTap', () => {
  const lines = renderTap(sampleResult).split('\n');
  const points = lines.filter(line => /^(?:not )?ok /.test(line));

  it('begins with version and plan, and has a numbered point for each check', () => {
    assert.deepEqual(lines.slice(0, 2), ['TAP version 14', '1..5']);
    assert.deepEqual(points, [
      'ok 1 - circuit-breaker.three-answer.every-machine-serves',
      'ok 2 - circuit-breaker.three-answer.browsers-differ',
      'not ok 3 - circuit-breaker.two-leave.nobody-notices',
      'not ok 4 - circuit-breaker.two-leave.breaker-opens',
      'ok 5 - circuit-breaker.v2-arrives.only-v2',
    ]);
  });

  it('tells the verdict and why, in a block of its own', () => {
    const at = lines.indexOf('not ok 4 - circuit-breaker.two-leave.breaker-opens');
    assert.deepEqual(lines.slice(at + 1, at + 7), [
      '  ---',
      '  verdict: unknown',
      '  claim: "The breaker of `webapp1` opens"',
      '  because: "the proxy told nothing about webapp1"',
      '  duration_ms: 5000',
      '  ...',
    ]);
  });

  it('has a point that fails for a run that was interrupted', () => {
    const tap = renderTap({ ...sampleResult, interrupted: true, steps: [] });
    assert.match(tap, /^TAP version 14\n1\.\.1\nnot ok 1 - circuit-breaker\.run\.completed\n/);
  });

  it('lets nothing that a lab says become a point or a directive', () => {
    const [step] = sampleResult.steps;
    const [check] = step?.checks ?? [];
    assert.ok(step && check);
    const because = 'x\nok 9 - forged # SKIP';
    const evil = { ...check, id: 'a # TODO\nok 7', verdict: { kind: 'fail', because } } as const;
    const tap = renderTap({ ...sampleResult, steps: [{ ...step, checks: [evil] }] });
    assert.deepEqual(tap.match(/^(?:not )?ok .*$/gm), [
      'not ok 1 - circuit-breaker.three-answer.a \\# TODO ok 7',
    ]);
  });
});
