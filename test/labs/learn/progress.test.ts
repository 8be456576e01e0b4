/** What a learner has done is kept, whatever happens to the file. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { loadBalance } from '../../../labs/catalogue/load-balance/lab.ts';
import type { LabProgress } from '../../../labs/learn/lab-progress.ts';
import {
  changeProgress,
  progressFile,
  progressOfLab,
  readProgress,
  standingOf,
} from '../../../labs/learn/progress.ts';

const begun: LabProgress = {
  step: 'one',
  done: ['zero'],
  skipped: ['half'],
  predictions: { zero: { chosen: 'a', happened: 'a' }, one: { chosen: 'b' } },
};

function home(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'progress-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'not there yet');
}

describe('progress', () => {
  it('is empty where nothing was learned', t => {
    const folder = home(t);
    assert.deepEqual(readProgress(folder), { progress: { labs: {} }, setAside: undefined });
    assert.equal(progressOfLab(folder, 'canary').before, undefined);
    assert.equal(progressOfLab(folder, 'constructor').before, undefined);
  });

  it('is read with the line ends of Windows, too', t => {
    const folder = home(t);
    progressOfLab(folder, 'one').save(begun);
    const file = progressFile(folder);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    assert.deepEqual(progressOfLab(folder, 'one').before, begun);
    assert.equal(readProgress(folder).setAside, undefined);
  });

  it('keeps each lab by itself, and the language', t => {
    const folder = home(t);
    const [one, other] = [progressOfLab(folder, 'one'), progressOfLab(folder, 'other')];
    one.save(begun);
    other.save({ ...begun, step: 'two' });
    one.save({ ...begun, done: ['zero', 'one'] });
    changeProgress(folder, all => ({ ...all, language: 'fr' }));
    const { progress } = readProgress(folder);
    assert.deepEqual(progress.labs['one'], { ...begun, done: ['zero', 'one'] });
    assert.equal(progress.labs['other']?.step, 'two');
    assert.deepEqual([progress.last, progress.language], ['one', 'fr']);
    assert.deepEqual(progressOfLab(folder, 'one').before?.done, ['zero', 'one']);
    assert.deepEqual(readdirSync(folder), ['progress.json']);
  });

  it('puts a file aside that it does not understand, and loses nothing of it', t => {
    const broken = [
      '{"version": 1, "la',
      '{"version": 2, "labs": {}}',
      '{"version":1,"labs":{"x":3}}',
    ];
    for (const text of broken) {
      const folder = home(t);
      progressOfLab(folder, 'one').save(begun);
      writeFileSync(progressFile(folder), text);
      const { progress, setAside } = readProgress(folder);
      assert.deepEqual(progress.labs, {});
      assert.equal(readFileSync(setAside ?? '', 'utf8'), text);
      progressOfLab(folder, 'one').save(begun);
      assert.equal(readProgress(folder).setAside, undefined);
      assert.equal(readdirSync(folder).length, 2);
    }
  });

  it('tells how a lab stands by the steps that it has now', () => {
    const ids = loadBalance.steps.map(({ id }) => id);
    const labs = (fields: Partial<LabProgress>) => ({
      labs: { 'load-balance': { ...begun, done: [], skipped: [], ...fields } },
    });
    assert.equal(standingOf(loadBalance, { labs: {} }).mark, '○');
    const some = standingOf(loadBalance, labs({ done: [ids[0] ?? '', 'gone'] }));
    assert.deepEqual([some.mark, some.done, some.steps], ['◐', 1, ids.length]);
    assert.deepEqual([some.predicted, some.right], [1, 1]);
    assert.equal(standingOf(loadBalance, labs({ done: ids })).mark, '✓');
  });
});
