/** Whatever is to be shown: no line is wider than the screen, and there are never too many. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import type { LearnView, Panel } from '../../../../labs/learn/learn-view.ts';
import { drawScreen, SMALLEST } from '../../../../labs/learn/screen/draw-screen.ts';
import { atWork, check, done, inTrouble, machine, predicting, showing } from './sample-views.ts';

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc
    .array(
      fc.constantFrom('machine', '👩‍🚀', '漢字の長い言葉', '\x1b[2J', 'é', '\t', 'x'.repeat(70)),
      {
        maxLength: 30,
      },
    )
    .map(parts => parts.join(' ')),
);
const text = fc.record({ en: words, fr: words });

const panel: fc.Arbitrary<Panel | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant({ kind: 'keys' as const }),
  fc.constant({ kind: 'steps' as const }),
  fc.record({ kind: fc.constant('question' as const), ask: text }),
  fc.record({
    kind: fc.constant('solution' as const),
    commands: fc.array(words, { maxLength: 4 }),
    done: fc.nat(5),
  }),
  fc.record({ kind: fc.constant('why' as const), lines: fc.array(words, { maxLength: 40 }) }),
  fc.record({
    kind: fc.constant('hint' as const),
    rung: fc.nat(9),
    rungs: fc.nat(9),
    text,
  }),
);

const tile = fc
  .record({ number: fc.nat(9), served: fc.nat(500), version: words, address: words, name: words })
  .map(({ number, ...fields }) => machine(number, fields));

const checkView = fc
  .record({
    claim: text,
    because: words,
    state: fc.constantFrom('green', 'holding', 'red', 'unknown'),
    diagnosis: fc.option(text, { nil: undefined }),
  })
  .map(fields => check(fields as Parameters<typeof check>[0]));

const view: fc.Arbitrary<LearnView> = fc
  .record({
    base: fc.constantFrom(atWork, predicting, done, inTrouble),
    language: fc.constantFrom('en' as const, 'fr' as const),
    machines: fc.array(tile, { maxLength: 12 }),
    notices: fc.array(text, { maxLength: 3 }),
    panel,
    busy: fc.option(text, { nil: undefined }),
    finished: fc.boolean(),
    title: text,
    say: text,
    commands: fc.array(words, { maxLength: 5 }),
    natives: fc.array(words, { maxLength: 5 }),
    checks: fc.array(checkView, { maxLength: 6 }),
    promises: fc.array(checkView, { maxLength: 4 }),
  })
  .map(({ base, title, say, commands, natives, checks, promises, ...fields }) => ({
    ...base,
    ...fields,
    step: { ...base.step, title, say, commands, natives, checks, promises },
  }));

const columns = fc.integer({ min: SMALLEST.columns, max: 200 });
const rows = fc.integer({ min: SMALLEST.rows, max: 80 });

const text80 = (each: LearnView): string =>
  drawScreen(each, { columns: 80, rows: 40, colour: false }).join('\n');

describe('drawScreen', () => {
  it('fits every terminal, whatever is shown', () => {
    fc.assert(
      fc.property(view, columns, rows, fc.boolean(), (shown, wide, high, colour) => {
        const lines = drawScreen(shown, { columns: wide, rows: high, colour });
        assert.equal(lines.length, high);
        for (const line of lines) {
          assert.ok(stringWidth(line) <= wide, `${stringWidth(line)} > ${wide}: ${line}`);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
          assert.doesNotMatch(line.replace(/\x1b\[[0-9;]*m/g, ''), /[\x00-\x1f\x7f-\x9f]/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says nothing by colour alone: with and without colours the words are the same', () => {
    for (const each of [atWork, predicting, done, inTrouble]) {
      const coloured = drawScreen(each, { columns: 80, rows: 40, colour: true }).join('\n');
      assert.ok(coloured.includes('\x1b['));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
      assert.equal(coloured.replace(/\x1b\[[0-9;]*m/g, ''), text80(each));
    }
  });

  it('shows no command before the prediction is given', () => {
    assert.doesNotMatch(text80(predicting), /lab down/);
    assert.match(text80(predicting), /^ {2}2 An error page$/m);
    assert.match(text80(atWork), /^\$ lab down webapp3 --how power-off$/m);
  });

  it('grades the prediction by what happened', () => {
    assert.match(text80(done), /You said: An error page\n! What happened: A wait, then the page/);
    const { prediction } = done.step;
    const right = {
      ...done,
      step: { ...done.step, prediction: prediction && { ...prediction, chosen: 'wait' } },
    };
    assert.match(text80(right), /✔ You saw it coming: A wait, then the page/);
  });

  it('always has the checks, the commands and the keys, however low the screen is', () => {
    const low = drawScreen(atWork, { columns: 80, rows: 15, colour: false }).join('\n');
    assert.match(low, /✘ All three machines serve/);
    assert.match(low, /\$ lab down webapp3/);
    assert.match(low, /\? keys$/);
    assert.doesNotMatch(low, /●A1 ●A2/);
  });

  it('gives up the ribbon first, then the table of machines, and what was learned last', () => {
    const at = (high: number): string =>
      drawScreen(done, { columns: 80, rows: high, colour: false }).join('\n');
    const lowestWith = (pattern: RegExp): number => {
      for (let high = 50; high > 14; high -= 1) if (!pattern.test(at(high))) return high + 1;
      return 15;
    };
    const ribbon = lowestWith(/●A1 ●A2/);
    const table = lowestWith(/192\.168\.56\.21/);
    const recap = lowestWith(/The breaker waited/);
    assert.ok(ribbon > table && table > recap, `${ribbon}, ${table}, ${recap}`);
  });

  it('marks the commands that were run, whole when they take two lines', () => {
    const commands = [`echo ${'a'.repeat(30)} ${'b'.repeat(60)}`, 'lab heal'];
    const solved = text80(showing({ kind: 'solution', commands, done: 1 }));
    assert.match(solved, /^✔ echo a{30} \\\n {2}b{60}\n\$ lab heal$/m);
  });

  it('shows the words of what makes the machines, where there is room for them', () => {
    const natives = ['vagrant halt --force webapp3'];
    const told = { ...atWork, step: { ...atWork.step, natives } };
    assert.match(text80(told), /a b'\n {2}or vagrant halt --force webapp3$/m);
    assert.match(text80({ ...told, language: 'fr' }), /^ {2}ou vagrant halt --force webapp3$/m);
    const low = drawScreen(told, { columns: 80, rows: 15, colour: false }).join('\n');
    assert.doesNotMatch(low, /vagrant/);
    assert.match(low, /\$ lab down webapp3/);
  });

  it('answers a question with its own two keys', () => {
    const asked = showing({ kind: 'question', ask: { en: 'Sure?', fr: 'Sûr ?' } });
    assert.match(text80(asked), /y yes · n no$/);
    assert.match(text80({ ...asked, language: 'fr' }), /o oui · n non$/);
  });
});
