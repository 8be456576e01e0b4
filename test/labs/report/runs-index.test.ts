/** The page of all runs. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { renderRunsIndex } from '../../../labs/report/html/runs-index.ts';
import { pastRuns } from '../../../labs/report/past-runs.ts';
import { assertWellFormed } from '../../support/well-formed.ts';
import { sampleResult } from './sample-run.ts';

describe('pastRuns', () => {
  it('has every folder once, the newest first, and a word for one without a result', async test => {
    const home = await mkdtemp(path.join(tmpdir(), 'relais-test-runs-'));
    test.after(() => rm(home, { recursive: true }));
    for (const name of ['2026-01-01_a', '2026-01-03_c', '2026-01-02_b']) {
      await mkdir(path.join(home, 'runs', name), { recursive: true });
    }
    await symlink('2026-01-03_c', path.join(home, 'runs/latest'));
    const result = path.join(home, 'runs/2026-01-02_b/result.json');
    await writeFile(result, JSON.stringify(sampleResult));
    await writeFile(path.join(home, 'runs/2026-01-01_a/result.json'), '{"schema":1}');
    const runs = await pastRuns(home);
    assert.deepEqual(
      runs.map(run => [run.name, 'problem' in run ? run.problem.slice(0, 21) : run.verdict.kind]),
      [
        ['2026-01-03_c', `${path.join(home, 'runs/2026-01-03_c')}`.slice(0, 21)],
        ['2026-01-02_b', 'fail'],
        ['2026-01-01_a', 'result.json cannot be'],
      ],
    );
    const page = renderRunsIndex(runs, 'en');
    assertWellFormed(page);
    assert.match(page, /href="\.\/2026-01-02_b\/result\.json"/);
    assert.doesNotMatch(page, /2026-01-02_b\/report\.html/);
    assert.match(page, /no result/);
  });

  it('is empty where nothing was run', async () => {
    assert.deepEqual(await pastRuns(path.join(tmpdir(), 'no-such-home')), []);
    assert.match(renderRunsIndex([], 'fr'), /Il n’y a pas encore d’exécution/);
  });
});
