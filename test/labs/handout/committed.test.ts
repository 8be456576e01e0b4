/** The handouts in docs/ are those of the labs as they are now, in every language. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { catalogue } from '../../../labs/catalogue/catalogue.ts';
import { HandoutFolder } from '../../../labs/handout/handout-folder.ts';
import { LANGUAGES } from '../../../labs/harness/text.ts';

const handouts = new HandoutFolder(path.resolve(import.meta.dirname, '../../../../docs/handouts'));
const help = 'npm run lab -- handout (with --reuse when only words have changed)';

describe('the handouts in docs/', () => {
  for (const lab of catalogue) {
    for (const language of LANGUAGES) {
      it(`${lab.id} in ${language}`, () => {
        assert.deepEqual(handouts.problems(lab, language), [], help);
      });
    }
  }

  it('are the same with the line ends of Windows', t => {
    const folder = mkdtempSync(path.join(tmpdir(), 'handouts-'));
    t.after(() => rmSync(folder, { recursive: true }));
    cpSync(handouts.folder, folder, { recursive: true });
    const { folder: pages } = handouts;
    for (const name of readdirSync(pages).filter(file => /\.(md|html)$/.test(file))) {
      const text = readFileSync(path.join(pages, name), 'utf8');
      writeFileSync(path.join(folder, name), text.replaceAll('\n', '\r\n'));
    }
    const [lab] = catalogue;
    assert.ok(lab !== undefined);
    assert.deepEqual(new HandoutFolder(folder).problems(lab, 'en'), []);
    assert.deepEqual(new HandoutFolder(folder).indexProblems(catalogue), []);
  });

  it('their index', () => {
    assert.deepEqual(handouts.indexProblems(catalogue), [], help);
  });
});
