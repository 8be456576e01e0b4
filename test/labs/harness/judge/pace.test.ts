import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advance, atPace } from '../../../../labs/harness/judge/window.ts';
import type { Check } from '../../../../labs/harness/lab.ts';
import { t } from '../../../../labs/harness/text.ts';

const late = { kind: 'unknown', because: 'not yet' } as const;
const check = {
  id: 'serves',
  claim: t('It serves', 'Il sert'),
  probe: { kind: 'no-failed-request' },
} as unknown as Check;

describe('atPace', () => {
  it('gives what takes longer that much more time, and holds it no longer', () => {
    const slow = atPace({ ...check, window: { within: '2s', for: '1s' } }, 4);
    assert.equal(slow.window?.for, '1s');
    assert.equal(advance(slow.window, {}, late, 7_900, 0).settled, undefined);
    assert.equal(advance(slow.window, {}, late, 8_100, 0).settled, late);
  });

  it('counts from the default where nothing is said', () => {
    assert.equal(advance(atPace(check, 4).window, {}, late, 19_000, 0).settled, undefined);
    assert.equal(advance(check.window, {}, late, 19_000, 0).settled, late);
  });

  it('changes nothing where machines are as quick as this computer', () => {
    assert.equal(atPace(check), check);
  });
});
