/** What every lab of the catalogue must keep. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue } from '../../../labs/catalogue/catalogue.ts';
import type { Lab } from '../../../labs/harness/lab.ts';
import type { Text } from '../../../labs/harness/text.ts';

function sentences(lab: Lab): readonly Text[] {
  const checks = [
    ...lab.throughout,
    ...lab.steps.flatMap(one => [...one.check, ...(one.during ?? [])]),
  ];
  return [
    lab.title,
    lab.summary,
    ...checks.map(({ claim }) => claim),
    ...lab.steps.flatMap(({ title, say, recap, hints = [], see = [] }) => [
      title,
      say,
      ...(recap === undefined ? [] : [recap]),
      ...hints,
      ...see.map(({ alt }) => alt),
    ]),
  ];
}

for (const lab of catalogue) {
  describe(lab.id, () => {
    it('has no empty sentence, and none left in the other language', () => {
      for (const { en, fr } of sentences(lab)) {
        assert.ok(en.trim() !== '' && fr.trim() !== '', `${en} / ${fr}`);
        assert.notEqual(en, fr);
      }
    });

    it('writes French with its apostrophes and without straight quotes', () => {
      for (const { fr } of sentences(lab)) assert.doesNotMatch(fr, /['"]/, fr);
    });

    it('is seen by a browser at some step', () => {
      const kinds = lab.steps.flatMap(step => step.check.map(({ probe }) => probe.kind));
      assert.ok(kinds.some(kind => kind === 'page' || kind === 'pages-differ'));
    });

    it('its minutes are those of its steps', () => {
      const total = lab.steps.reduce((sum, { minutes }) => sum + minutes, 0);
      assert.ok(Math.abs(total - lab.minutes) <= 2, `${total} of ${lab.minutes}`);
    });
  });
}
