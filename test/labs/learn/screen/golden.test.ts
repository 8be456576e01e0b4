/**
 * The screen as it was looked at and found good, in both languages. `UPDATE_GOLDEN=1` writes what
 * is drawn now; the difference is then for a reader of the commit.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Language } from '../../../../labs/harness/text.ts';
import type { LearnView } from '../../../../labs/learn/learn-view.ts';
import { drawScreen } from '../../../../labs/learn/screen/draw-screen.ts';
import { atWork, done, inTrouble, predicting, showing } from './sample-views.ts';

const folder = path.resolve(import.meta.dirname, '../../../../../test/fixtures/learn-screen');

interface Case {
  readonly view: LearnView;
  readonly columns: number;
  readonly rows: number;
}

const cases: Readonly<Record<string, Case>> = {
  'at-work': { view: atWork, columns: 100, rows: 40 },
  'at-work-narrow': { view: atWork, columns: 50, rows: 30 },
  'at-work-smallest': { view: atWork, columns: 40, rows: 15 },
  predicting: { view: predicting, columns: 80, rows: 24 },
  done: { view: done, columns: 80, rows: 40 },
  'in-trouble': { view: inTrouble, columns: 80, rows: 24 },
  keys: { view: showing({ kind: 'keys' }), columns: 100, rows: 50 },
  steps: { view: showing({ kind: 'steps' }), columns: 80, rows: 24 },
  question: {
    view: showing({ kind: 'question', ask: { en: 'Begin again?', fr: 'Recommencer ?' } }),
    columns: 80,
    rows: 24,
  },
};

function drawn({ view, columns, rows }: Case, language: Language): string {
  const lines = drawScreen({ ...view, language }, { columns, rows, colour: false });
  return `${lines.join('\n')}\n`;
}

describe('the screen', () => {
  for (const [name, each] of Object.entries(cases)) {
    for (const language of ['en', 'fr'] as const) {
      it(`draws "${name}" in ${language} as approved`, () => {
        const file = path.join(folder, `${name}.${language}.txt`);
        const text = drawn(each, language);
        if (process.env['UPDATE_GOLDEN'] === '1') {
          mkdirSync(folder, { recursive: true });
          writeFileSync(file, text);
        }
        assert.ok(existsSync(file), `${file} is missing: look at it with UPDATE_GOLDEN=1`);
        assert.equal(text, readFileSync(file, 'utf8'));
      });
    }
  }
});
