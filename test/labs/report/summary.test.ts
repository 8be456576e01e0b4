/** The Markdown summary. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderSummary } from '../../../labs/report/summary.ts';
import { sampleResult } from './sample-run.ts';

describe('renderSummary', () => {
  it('has the verdict, each check with its case, and links, in the language of the run', () => {
    const text = renderSummary(sampleResult);
    assert.match(
      text,
      /^# ✗ The circuit breaker\n\n\*\*failed\*\*: bob #61 at 12\.20 s: status 503/,
    );
    assert.match(
      text,
      /\| ✓ \| Only v2 answers \| .* \| `circuit-breaker\.v2-arrives\.only-v2` \|/,
    );
    assert.match(text, /\| \? \| The breaker of `webapp1` opens \|/);
    assert.match(text, /\[report\.html\]\(report\.html\)/);
    assert.match(
      renderSummary({ ...sampleResult, language: 'fr' }),
      /# ✗ Le disjoncteur\n\n\*\*échoué/,
    );
  });

  it('keeps what a machine says inside its cell', () => {
    const [step] = sampleResult.steps;
    const [check] = step?.checks ?? [];
    assert.ok(step && check);
    const because = 'a | b\n| c | <img src=x> [x](y)';
    const evil = { ...check, verdict: { kind: 'fail', because } } as const;
    const text = renderSummary({ ...sampleResult, steps: [{ ...step, checks: [evil] }] });
    const row = text.split('\n').find(line => line.startsWith('| ✗'));
    assert.equal(row?.match(/(?<!\\)\|/g)?.length, 5);
    assert.doesNotMatch(row ?? '', /(?<!\\)[<[]/);
  });
});
