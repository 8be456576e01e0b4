/** What every lab of the catalogue must keep; that it can be learned from is seen by `lab check`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { catalogue } from '../../../labs/catalogue/catalogue.ts';
import { checkTexts } from '../../../labs/check/check-texts.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

for (const lab of catalogue) {
  describe(lab.id, () => {
    it('has its words in both languages, hints, predictions, mistakes and recaps', () => {
      const problems = checkTexts(lab).filter(({ problem }) => problem !== undefined);
      assert.deepEqual(problems, []);
    });

    it('its minutes are those of its steps', () => {
      const total = lab.steps.reduce((sum, { minutes }) => sum + minutes, 0);
      assert.ok(Math.abs(total - lab.minutes) <= 2, `${total} of ${lab.minutes}`);
    });

    it('has a command of its own, which both readmes tell', () => {
      assert.equal(scripts[`lab:${lab.id}`], `node dist/bin/lab.js run ${lab.id}`);
      for (const file of ['README.md', 'README.fr.md']) {
        assert.ok(read(file).includes(`\`npm run lab:${lab.id}\``), file);
      }
    });
  });
}
