/** The published form of result.json, held against results and against what is no result. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RunResult } from '../../../labs/harness/result.ts';
import { publishedSchema, resultSchema } from '../../../labs/report/result-schema.ts';
import { request } from '../../support/history-builder.ts';
import { sampleResult } from './sample-run.ts';

const file = path.resolve(import.meta.dirname, '../../../../docs/result.schema.json');
const published = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const validate = new Ajv2020({ validateFormats: false }).compile(published);

const [step] = sampleResult.steps;
const [check] = step?.checks ?? [];
assert.ok(step && check);
const verdict = { kind: 'fail', because: 'x', decidedBy: [request(2_000)] } as const;
const full: RunResult = {
  ...sampleResult,
  imitations: { blackhole: 'a relay that says nothing' },
  browser: { found: false, reason: '--no-browser' },
  verdict,
  steps: [
    {
      ...step,
      checks: [{ ...check, verdict }],
      prediction: {
        ask: { en: 'What?', fr: 'Quoi ?' },
        choices: [{ id: 'a', text: { en: 'A', fr: 'A' }, happened: true }],
      },
    },
  ],
};

describe('the form of result.json', () => {
  it('is published as it is (npm run schema)', () => {
    assert.deepEqual(published, JSON.parse(JSON.stringify(publishedSchema())));
  });

  for (const [name, result] of Object.entries({
    'a run': sampleResult,
    'all there can be': full,
  })) {
    it(`holds ${name}, and knows every key of it`, () => {
      const written = JSON.parse(JSON.stringify(result)) as unknown;
      assert.ok(validate(written), JSON.stringify(validate.errors));
      assert.deepEqual(resultSchema.parse(written), written);
    });
  }

  it('lets keys of a later version pass', () => {
    assert.ok(validate({ ...full, later: true }), JSON.stringify(validate.errors));
    assert.equal(resultSchema.safeParse({ ...full, later: true }).success, true);
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['another version', { ...full, schema: 2 }],
    ['no verdict', { ...full, verdict: undefined }],
    ['a verdict that is none', { ...full, verdict: { kind: 'green', because: '' } }],
    ['a missing language', { ...full, title: { en: 'only' } }],
    ['a strange provider', { ...full, provider: 'cloud' }],
    ['steps that are none', { ...full, steps: {} }],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}`, () => {
      const written = JSON.parse(JSON.stringify(value)) as unknown;
      assert.equal(validate(written), false);
      assert.equal(resultSchema.safeParse(written).success, false);
    });
  }
});
