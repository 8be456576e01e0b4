/** `npm start` as a newcomer has it: choose a language and a lab, learn, leave, come back. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { openPseudoTerminal, type PseudoTerminal } from '../../../labs/check/pseudo-terminal.ts';
import { readProgress } from '../../../labs/learn/progress.ts';
import { LabHome } from '../../support/lab-command.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const home = await LabHome.open();
const { instance } = home;

describe('npm start', () => {
  const env = { ...process.env, LAB_HOME: home.folder, LANG: 'C.UTF-8', LC_ALL: '' };
  after(() => home.remove());

  function start(t: TestContext, ...words: readonly string[]): PseudoTerminal {
    const flags = ['--machines', 'process', '--no-browser', '--instance', String(instance)];
    const argv = ['npm', 'start', '--', ...flags, ...words];
    const terminal = openPseudoTerminal({ argv, cwd: root, env, columns: 100, rows: 40 });
    t.after(() => terminal.close());
    return terminal;
  }

  it('lets choose language and lab, begins it, and remembers both', async t => {
    const first = start(t);
    await first.until('the labs are listed', /› {2}1 {2}○ 0\/\d .*load-balance/);
    first.type('t');
    await first.until('it is French', /Relais : choisissez un lab/);
    first.type('\x1b[B');
    await first.until('the second is chosen', /^› {2}2/m);
    first.type('1');
    await first.until('the first is chosen', /^› {2}1/m);
    first.type('\r');
    await first.until('the lab has begun', /n suite · h indice/, 90_000);
    assert.match(first.text(), /Une adresse, trois machines/);
    first.type('q');
    assert.equal(await first.ended, 0, first.transcript());
    assert.deepEqual([first.isAlternate, first.isCursorShown], [false, true]);
    assert.match(first.transcript(), /Pour continuer : npm run lab -- learn load-balance/);
    await home.assertNothingLeft();
    const { progress } = readProgress(home.folder);
    assert.deepEqual([progress.last, progress.language], ['load-balance', 'fr']);

    const second = start(t);
    await second.until('it is still French', /choisissez un lab[\s\S]*› {2}1 {2}◐/);
    second.type('\x03');
    assert.equal(await second.ended, 0);
    assert.deepEqual([second.isAlternate, second.isCursorShown], [false, true]);
  });

  it('asks by words where no screen can be drawn', async t => {
    const plain = start(t, '--plain', '--lang', 'en');
    await plain.until('the labs are told', /Type the number or the name of a lab/);
    plain.type('load-balance\r');
    await plain.until('the lab has begun', /Type a word and Enter: next, hint/, 90_000);
    plain.type('quit\r');
    assert.equal(await plain.ended, 0, plain.transcript());
    await home.assertNothingLeft();
  });
});
