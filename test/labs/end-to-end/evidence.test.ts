/** A recorded run: judged again, told, listed; and what becomes of one that was tampered with. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LabHome } from '../../support/lab-command.ts';

const home = await LabHome.open();

describe('the evidence of a run', () => {
  const latest = path.join(home.folder, 'runs/latest');
  const file = (name: string): string => path.join(latest, name);
  after(() => home.remove());
  before(async () => {
    const words = [
      'run',
      'load-balance',
      '--machines',
      'process',
      '--until',
      'two-browsers',
      '--no-browser',
    ];
    const ending = await home.run(words);
    assert.equal(ending.code, 0, ending.stdout + ending.stderr);
  });

  /** Puts back what the test changes. */
  async function changing(name: string, test: (text: string) => Promise<void>): Promise<void> {
    const text = readFileSync(file(name), 'utf8');
    try {
      await test(text);
    } finally {
      writeFileSync(file(name), text);
    }
  }

  it('leaves all files that are promised, and each names the same cases', () => {
    const tap = readFileSync(file('tap.txt'), 'utf8');
    const cases = [...tap.matchAll(/^(?:not )?ok \d+ - (\S+)$/gm)].map(match => match[1] ?? '');
    assert.ok(cases.length > 3, tap);
    const junit = readFileSync(file('junit.xml'), 'utf8');
    const summary = readFileSync(file('summary.md'), 'utf8');
    for (const id of cases) {
      const [suite, name] = [id.slice(0, id.lastIndexOf('.')), id.split('.').at(-1)];
      assert.ok(junit.includes(`classname="${suite}" name="${name}"`), id);
      assert.ok(summary.includes(`\`${id}\``), id);
    }
  });

  it('is judged again with the same verdicts, from whatever says which run', async () => {
    for (const run of ['latest', latest]) {
      const ending = await home.run(['recheck', run, '--json']);
      assert.equal(ending.code, 0, ending.stderr);
      const again = JSON.parse(ending.stdout) as Record<string, unknown>;
      assert.equal(again['same'], true, ending.stdout);
      assert.ok((again['cases'] as unknown[]).length > 3);
    }
    const { code, stdout } = await home.run(['recheck', 'latest', '--lang', 'fr']);
    assert.equal(code, 0);
    assert.match(stdout, /✓ réussi, comme l’exécution l’avait dit/);
  });

  it('fails when the history tells of a failure that the result does not know', () =>
    changing('history.ndjson', async text => {
      const lines = text.trimEnd().split('\n');
      const changed = lines.map(line =>
        line.includes('"kind":"request"') ? line.replace('"status":200', '"status":503') : line,
      );
      writeFileSync(file('history.ndjson'), `${changed.join('\n')}\n`);
      const { code, stdout } = await home.run(['recheck', 'latest']);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /The run had said: passed/);
      assert.match(stdout, /checks judged otherwise than in the run: failed now, passed then/);
    }));

  it('names the line that was cut off', () =>
    changing('history.ndjson', async text => {
      truncateSync(file('history.ndjson'), text.length - 20);
      const { code, stderr } = await home.run(['recheck', 'latest']);
      assert.equal(code, 4);
      const lines = text.trimEnd().split('\n').length;
      assert.match(stderr, new RegExp(`history\\.ndjson, line ${lines} cannot be used: it is not`));
    }));

  it('refuses a result of another form', () =>
    changing('result.json', async text => {
      for (const [other, message] of [
        [text.replace('"schema": 1', '"schema": 7'), /version 7, and this kit reads version 1/],
        [text.replace('"lab": "load-balance"', '"lab": "tea"'), /this kit has no such lab/],
        ['{}', /result\.json cannot be used: /],
        ['no', /it is not JSON/],
      ] as const) {
        writeFileSync(file('result.json'), other);
        const { code, stderr } = await home.run(['recheck', 'latest']);
        assert.equal(code, 4, stderr);
        assert.match(stderr, message);
        assert.doesNotMatch(stderr, /\n\s+at /);
      }
    }));

  it('says that there is no such run', async () => {
    for (const words of [
      ['recheck', 'lates'],
      ['report', 'lates'],
    ]) {
      const { code, stderr } = await home.run(words);
      assert.equal(code, 2);
      assert.match(stderr, /There is no run "lates"\..*lab report --index/);
    }
    const { code, stderr } = await home.run(['recheck', home.folder]);
    assert.equal(code, 4);
    assert.match(stderr, /has no result\.json/);
  });

  it('tells where its report is, writes it anew when it is gone, and opens it', async () => {
    const report = file('report.html');
    const { code, stdout } = await home.run(['report']);
    assert.deepEqual([code, existsSync(stdout.trim())], [0, true]);
    const page = readFileSync(report, 'utf8');
    rmSync(report);
    const opened = path.join(home.folder, 'opened.txt');
    const browser = path.join(home.folder, 'browser');
    writeFileSync(browser, `#!/bin/sh\necho "$1" > ${opened}\n`, { mode: 0o755 });
    const ending = await home.run(['report', 'latest', '--open'], { BROWSER: browser });
    assert.equal(ending.code, 0, ending.stderr);
    assert.equal(readFileSync(opened, 'utf8'), ending.stdout);
    assert.equal(readFileSync(report, 'utf8'), page);
  });

  it('tells the path all the same where nothing can open it', async () => {
    const ending = await home.run(['report', '--open'], { BROWSER: '/no/such/browser' });
    assert.equal(ending.code, 4);
    assert.match(ending.stdout, /report\.html\n$/);
    assert.match(ending.stderr, /Open this file in a browser yourself: .*report\.html/);
    const noDisplay = { BROWSER: '', DISPLAY: '', WAYLAND_DISPLAY: '', WSL_DISTRO_NAME: '' };
    if (process.platform !== 'linux') return;
    const lonely = await home.run(['report', '--open'], noDisplay);
    assert.equal(lonely.code, 4);
    assert.match(lonely.stderr, /Open it yourself: .*report\.html/);
  });

  it('is in the list of all runs, beside one that has no result', async () => {
    const { code, stdout } = await home.run(['report', '--index', '--json']);
    assert.equal(code, 0);
    const { index, runs } = JSON.parse(stdout) as {
      readonly index: string;
      readonly runs: readonly { readonly name: string; readonly files: readonly string[] }[];
    };
    assert.equal(runs.length, 1);
    const page = readFileSync(index, 'utf8');
    for (const name of ['report.html', 'result.json', 'history.ndjson']) {
      assert.ok(page.includes(`href="./${runs[0]?.name}/${name}"`), name);
    }
  });
});
