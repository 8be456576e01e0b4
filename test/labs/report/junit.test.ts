/** junit.xml: what CI systems read, and that nothing in a run can break it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RunResult } from '../../../labs/harness/result.ts';
import { t } from '../../../labs/harness/text.ts';
import { renderJunit } from '../../../labs/report/junit.ts';
import { assertWellFormed } from '../../support/well-formed.ts';
import { sampleResult } from './sample-run.ts';

describe('renderJunit', () => {
  it('has a suite per step and a case per check, named lab.step.check', () => {
    const xml = renderJunit(sampleResult);
    assertWellFormed(xml);
    assert.match(
      xml,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="circuit-breaker" tests="5" failures="1" errors="1" time="20\.400">/,
    );
    assert.equal(xml.match(/<testsuite /g)?.length, 3);
    assert.match(
      xml,
      /<testcase classname="circuit-breaker\.three-answer" name="every-machine-serves" time="0\.912"\/>/,
    );
  });

  it('tells a failure with its reason and unknown as an error', () => {
    const xml = renderJunit(sampleResult);
    assert.match(xml, /<failure message="bob #61 at 12\.20 s: status 503">/);
    assert.match(xml, /<error type="unknown" message="the proxy told nothing about webapp1">/);
  });

  it('is not green when the run was interrupted', () => {
    const xml = renderJunit({ ...sampleResult, interrupted: true });
    assertWellFormed(xml);
    assert.match(xml, /errors="2"/);
    assert.match(xml, /classname="circuit-breaker\.run" name="completed"/);
    assert.match(xml, /message="the run was interrupted"/);
    assert.match(xml, /<property name="interrupted" value="true"\/>/);
  });

  it('is not green when nothing was judged', () => {
    const verdict = { kind: 'unknown', because: 'no check ran' } as const;
    const xml = renderJunit({ ...sampleResult, steps: [], verdict });
    assert.match(xml, /tests="1" failures="0" errors="1"/);
    assert.match(xml, /message="no check ran"/);
  });

  it('stays well formed whatever a run says', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(']]>', '<!--', '"\'&<>', '\0\x1B[31m\uFFFE\uD800', '</failure>'),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (id, because, lab) => {
        const xml = renderJunit(failing(id, because, lab));
        assertWellFormed(xml);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are forbidden in XML
        assert.doesNotMatch(xml, /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|\p{Surrogate}/u);
      }),
    );
  });
});

function failing(id: string, because: string, lab: string): RunResult {
  const [step] = sampleResult.steps;
  assert.ok(step);
  const check = {
    id,
    claim: t('a', 'b'),
    source: 'history',
    verdict: { kind: 'fail', because },
    durationMs: 1,
  } as const;
  return { ...sampleResult, lab, steps: [{ ...step, id, checks: [check] }] };
}
