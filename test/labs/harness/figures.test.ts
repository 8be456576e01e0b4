/** Numbers in both languages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { count, counted, duration, moment, percent } from '../../../labs/harness/figures.ts';
import { t } from '../../../labs/harness/text.ts';

const plain = (text: string): string => text.replace(/[\u00A0\u202F]/g, ' ');

describe('figures', () => {
  const durations: readonly (readonly [number, string, string])[] = [
    [0.214, '0.21 ms', '0,21 ms'],
    [2.5, '2.5 ms', '2,5 ms'],
    [42.4, '42 ms', '42 ms'],
    [999.4, '999 ms', '999 ms'],
    [999.6, '1.00 s', '1,00 s'],
    [3_058.4, '3.06 s', '3,06 s'],
    [59_994, '59.99 s', '59,99 s'],
    [59_999, '1 min 00 s', '1 min 00 s'],
    [125_000, '2 min 05 s', '2 min 05 s'],
  ];
  for (const [ms, en, fr] of durations) {
    it(`writes ${ms} ms as ${en}`, () => {
      assert.deepEqual([plain(duration(ms).en), plain(duration(ms).fr)], [en, fr]);
    });
  }

  it('groups thousands', () => {
    assert.equal(count(999).en, '999');
    assert.equal(count(50_000).en, '50,000');
    assert.equal(plain(count(1_234_567).fr), '1 234 567');
  });

  it('counts things in each language', () => {
    const checks = (number: number): readonly string[] => {
      const text = counted(number, t('check', 'vérification'), t('checks', 'vérifications'));
      return [text.en, plain(text.fr)];
    };
    assert.deepEqual(checks(0), ['0 checks', '0 vérification']);
    assert.deepEqual(checks(1), ['1 check', '1 vérification']);
    assert.deepEqual(checks(2), ['2 checks', '2 vérifications']);
  });

  it('writes moments in seconds and shares in percent', () => {
    assert.equal(plain(moment(65_432).fr), '65,43 s');
    assert.equal(percent(1, 3).en, '33%');
    assert.equal(percent(0, 0).en, '0%');
  });
});
