/** The choice of a lab: drawn, told, made by keys and by words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { t } from '../../../../labs/harness/text.ts';
import type { LabStanding } from '../../../../labs/learn/progress.ts';
import type { PressedKey } from '../../../../labs/learn/screen/read-keys.ts';
import { chooseByKey, chooseByWords } from '../../../../labs/learn/welcome/choose.ts';
import { drawWelcome, type Welcome } from '../../../../labs/learn/welcome/draw-welcome.ts';
import { tellWelcome } from '../../../../labs/learn/welcome/tell-welcome.ts';

const standing: LabStanding = { mark: '◐', done: 1, skipped: 0, steps: 5, predicted: 0, right: 0 };
const lab = (number: number) => ({
  id: `lab-${number}`,
  title: t(`Title ${number}`, `Titre ${number}`),
  summary: t(`What ${number} is about. `.repeat(20), `De quoi parle ${number}. `.repeat(20)),
  minutes: number,
  standing,
});
const welcome: Welcome = {
  language: 'en',
  labs: Array.from({ length: 14 }, (_, index) => lab(index + 1)),
  chosen: 0,
  typed: '',
  notice: undefined,
};

function pressed(keys: readonly PressedKey[], from = welcome): Welcome {
  return keys.reduce((before, key) => chooseByKey(key, before).welcome, from);
}
const letter = (text: string): PressedKey => ({ letter: text });

describe('the welcome', () => {
  it('lists the labs with what was done, the chosen one with what it is about', () => {
    const lines = drawWelcome(welcome, { columns: 80, rows: 24, colour: false });
    assert.equal(lines[0], 'Relais: choose a lab');
    assert.equal(lines[2], '›  1  ◐ 1/5  lab-1   Title 1  1 min');
    assert.match(lines.join('\n'), /\n\nWhat 1 is about\./);
    assert.equal(lines.at(-1), '↑ ↓ choose · Enter begin · q quit · t français · 1–14 by number');
    const french = drawWelcome(
      { ...welcome, language: 'fr' },
      { columns: 80, rows: 24, colour: false },
    );
    assert.match(french.join('\n'), /choisissez un lab[\s\S]*Titre 14[\s\S]*De quoi parle 1/);
  });

  it('fits every terminal, and always shows the chosen lab', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 150 }),
        fc.integer({ min: 15, max: 50 }),
        fc.nat(13),
        fc.option(fc.constant(t('x '.repeat(200), 'y')), { nil: undefined }),
        (columns, rows, chosen, notice) => {
          const lines = drawWelcome(
            { ...welcome, chosen, notice },
            { columns, rows, colour: false },
          );
          assert.equal(lines.length, rows);
          assert.ok(lines.every(line => stringWidth(line) <= columns));
          assert.ok(lines.some(line => line.startsWith(`› ${String(chosen + 1).padStart(2)}`)));
        },
      ),
    );
  });

  it('is moved through by arrows and numbers, and stays in the list', () => {
    assert.equal(pressed(['down', 'down', 'up']).chosen, 1);
    assert.equal(pressed(['up']).chosen, 0);
    assert.equal(pressed(Array.from({ length: 99 }, () => 'down' as const)).chosen, 13);
    assert.equal(pressed([letter('7')]).chosen, 6);
    assert.equal(pressed([letter('1'), letter('2')]).chosen, 11);
    assert.equal(pressed([letter('1'), 'up', letter('2')]).chosen, 1);
    assert.equal(pressed([letter('2'), letter('3')]).chosen, 2);
    assert.equal(pressed([letter('0')], { ...welcome, chosen: 4 }).chosen, 4);
    assert.equal(pressed([letter('t')]).language, 'fr');
  });

  it('begins with Enter and is left with q', () => {
    const begun = chooseByKey('enter', { ...welcome, chosen: 2 });
    assert.deepEqual([begun.kind, begun.kind === 'begin' && begun.lab], ['begin', 'lab-3']);
    assert.equal(chooseByKey(letter('q'), welcome).kind, 'quit');
  });

  it('understands numbers, names and words in both languages', () => {
    const lab3 = { kind: 'begin', lab: 'lab-3', welcome };
    assert.deepEqual(chooseByWords(' 3 ', welcome), lab3);
    assert.deepEqual(chooseByWords('LAB-3', welcome), lab3);
    assert.deepEqual(chooseByWords('', { ...welcome, chosen: 2 })?.kind, 'begin');
    assert.equal(chooseByWords('français', welcome)?.welcome.language, 'fr');
    assert.equal(chooseByWords('quitter', welcome)?.kind, 'quit');
    assert.equal(chooseByWords('99', welcome), undefined);
  });

  it('is told in sentences', () => {
    const text = tellWelcome(welcome).join('\n');
    assert.match(text, /^ {2}1: lab-1, Title 1, 1 minutes, 1 of 5 steps done\n/);
    assert.match(text, /Enter alone: lab-1/);
  });
});
