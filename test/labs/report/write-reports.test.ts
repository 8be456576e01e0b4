/** The files that a run leaves to be read, and report.html in a real browser. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import fc from 'fast-check';
import type { Page } from 'playwright';
import { findBrowser } from '../../../labs/browser/find-browser.ts';
import { type LaunchedBrowser, launchBrowser } from '../../../labs/browser/launch.ts';
import type { HistoryRecord } from '../../../labs/harness/history.ts';
import { t } from '../../../labs/harness/text.ts';
import type { RunEvidence } from '../../../labs/report/evidence/run-evidence.ts';
import { renderDocument } from '../../../labs/report/html/document.ts';
import { writeReports } from '../../../labs/report/write-reports.ts';
import { assertWellFormed } from '../../support/well-formed.ts';
import { sampleHistory, sampleResult } from './sample-run.ts';

/** The smallest PNG there is: one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const noEvidence: RunEvidence = { shots: new Map(), proxyLog: new Map(), configFiles: [] };

// Waited for before any suite, or the hooks of this file end too early.
const chosen = await findBrowser(process.env);
const skip = !chosen.found && `no browser: ${chosen.reason}; ${chosen.fix}`;

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'relais-test-report-'));
  await mkdir(path.join(folder, 'shots'));
  for (const name of ['alice', 'bob']) {
    await writeFile(path.join(folder, 'shots', `three-answer.${name}.png`), pixel);
  }
});
after(() => rm(folder, { recursive: true }));

describe('writeReports', () => {
  it('writes the result as it is, the report, and what CI systems read', async () => {
    await writeReports(sampleResult, sampleHistory(), folder);
    assert.deepEqual((await readdir(folder)).sort(), [
      'junit.xml',
      'report.html',
      'result.json',
      'shots',
      'summary.md',
      'tap.txt',
    ]);
    const json = await readFile(path.join(folder, 'result.json'), 'utf8');
    assert.deepEqual(JSON.parse(json), sampleResult);
    assertWellFormed(await readFile(path.join(folder, 'report.html'), 'utf8'));
  });

  it('writes the same bytes again', async () => {
    await writeReports(sampleResult, sampleHistory(), folder);
    const first = await readFile(path.join(folder, 'report.html'));
    await writeReports(sampleResult, sampleHistory(), folder);
    assert.ok(first.equals(await readFile(path.join(folder, 'report.html'))));
  });

  it('tells a picture that is missing, and takes none from outside the run folder', async () => {
    const outside = path.join(folder, '..', `${path.basename(folder)}.png`);
    await writeFile(outside, pixel);
    const [step] = sampleResult.steps;
    assert.ok(step);
    const shots = ['shots/gone.png', `../${path.basename(outside)}`, outside].map(
      (file, index) => ({
        id: `shot-${index}`,
        alt: t('a', 'b'),
        file,
      }),
    );
    await writeReports({ ...sampleResult, steps: [{ ...step, shots }] }, [], folder);
    await rm(outside);
    const page = await readFile(path.join(folder, 'report.html'), 'utf8');
    assert.ok(!page.includes('data:image/png'));
    assert.equal(page.match(/class="missing"/g)?.length, 3);
    assert.ok(page.includes('shots/gone.png'));
  });

  it('reports a run in which nothing happened', async () => {
    const verdict = { kind: 'unknown', because: 'no check ran' } as const;
    await writeReports({ ...sampleResult, steps: [], verdict, interrupted: true }, [], folder);
    const page = await readFile(path.join(folder, 'report.html'), 'utf8');
    assertWellFormed(page);
    assert.match(page, /The run was interrupted before its end/);
    assert.match(page, /no check ran/);
  });
});

describe('renderDocument', () => {
  it('fetches nothing: every address is inside the page', () => {
    const shots = new Map([['shots/three-answer.alice.png', pixel.toString('base64')]]);
    const page = renderDocument(sampleResult, sampleHistory(), { ...noEvidence, shots });
    const tags = assertWellFormed(page);
    const addresses = tags.flatMap(tag =>
      [...tag.matchAll(/\s(?:src|href|xlink:href|action|data)="([^"]*)"/g)].map(match => match[1]),
    );
    assert.ok(addresses.length >= 3);
    assert.deepEqual(
      addresses.filter(address => !/^(?:#|data:)/.test(address ?? '')),
      [],
    );
    assert.ok(tags.every(tag => !/^<(?:script|iframe|object|embed|form)/i.test(tag)));
    assert.ok(tags.every(tag => !/\son[a-z]+=/i.test(tag)));
    assert.doesNotMatch(page, /url\((?!#)|@import/);
  });

  it('escapes whatever a lab, a machine or a proxy says', () => {
    const plainTags = assertWellFormed(renderDocument(sampleResult, sampleHistory(), noEvidence));
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x>',
        "' onload='x",
        '</style>',
        '`<b>`',
      ),
    );
    fc.assert(
      fc.property(hostile, evil => {
        const history = sampleHistory().map(record => poison(record, evil));
        const page = renderDocument(
          { ...sampleResult, lab: evil, title: t(evil, evil) },
          history,
          noEvidence,
        );
        const tags = assertWellFormed(page);
        const known = new Set(plainTags.map(tag => tag.split(/[\s>]/, 1)[0]));
        assert.deepEqual(
          tags.filter(tag => !known.has(tag.split(/[\s>]/, 1)[0])),
          [],
        );
      }),
      { numRuns: 25 },
    );
  });

  it('shows the proxy’s configuration, and which records decided a claim', () => {
    const [step] = sampleResult.steps;
    const [check] = step?.checks ?? [];
    const request = sampleHistory().find(({ kind }) => kind === 'request');
    assert.ok(step && check && request?.kind === 'request');
    const decidedBy = [request, { kind: 'step', at: 9, step: 'x', phase: 'end' } as const];
    const judged = { ...check, verdict: { kind: 'fail', because: 'x', decidedBy } as const };
    const page = renderDocument(
      { ...sampleResult, steps: [{ ...step, checks: [judged] }] },
      sampleHistory(),
      { ...noEvidence, configFiles: [{ name: 'relais.toml', text: 'a = "<b>"', leftOut: 7 }] },
    );
    assert.match(page, /<code>relais\.toml<\/code>/);
    assert.match(page, /a = &quot;&lt;b&gt;&quot;/);
    assert.match(page, /7 more bytes are in the file/);
    assert.match(page, /<details class="evidence" open="">/);
    assert.match(page, new RegExp(`<a href="#q1">${request.visitor} #${request.number}</a>`));
  });

  it('tells what was predicted and what happened', () => {
    const [step] = sampleResult.steps;
    assert.ok(step);
    const choice = (id: string, happened: boolean) => ({ id, text: t(id, id), happened });
    const choices = [choice('a wait', true), choice('an error', false)];
    const prediction = { ask: t('What will Bob see?', 'Que verra Bob ?'), choices };
    const result = { ...sampleResult, steps: [{ ...step, prediction }] };
    const page = renderDocument(result, [], noEvidence);
    assert.match(page, /<b>a wait<\/b> ← .*this happened/);
    assert.match(page, /<li>an error<\/li>/);
  });

  it('tells 50,000 requests in less than a megabyte', () => {
    const history = sampleHistory(0.76);
    const requests = history.filter(({ kind }) => kind === 'request').length;
    assert.ok(requests >= 50_000, `${requests} requests`);
    const page = renderDocument(sampleResult, history, noEvidence);
    assertWellFormed(page);
    assert.ok(page.length < 1_000_000, `${page.length} characters`);
    assert.match(page, /requests are drawn without details/);
  });

  it('leaves further proxy events to the history', () => {
    const events: readonly HistoryRecord[] = Array.from({ length: 1_300 }, (_, seq) => ({
      kind: 'proxy-event',
      at: seq,
      event: { seq, time: '', kind: 'backend-added' },
    }));
    const page = renderDocument(sampleResult, events, noEvidence);
    assert.equal(page.match(/<code>backend-added<\/code>/g)?.length, 200);
    assert.match(page, /1,100 more in history\.ndjson/);
  });

  it('tells how requests failed, and which was the first', () => {
    const page = renderDocument(sampleResult, sampleHistory(), noEvidence).replaceAll(
      '\u00A0',
      ' ',
    );
    assert.match(
      page,
      /Failed: 503 × 6, ECONNRESET × 4\. The first was alice #56, asked at 12\.00 s/,
    );
    assert.match(page, /Échouées : 503 × 6, ECONNRESET × 4\. La première : alice n° 56/);
  });

  it('has a label in words for every verdict, beside sign and colour', () => {
    const page = renderDocument(sampleResult, [], noEvidence);
    for (const word of ['passed', 'réussi', 'unknown', 'indéterminé', 'failed', 'échoué']) {
      assert.ok(page.includes(`>${word}</span>`), word);
    }
  });
});

describe('report.html in a browser', { skip }, () => {
  let launched: LaunchedBrowser | undefined;
  let page: Page | undefined;
  const asked: string[] = [];
  const complaints: string[] = [];

  before(async () => {
    await writeReports({ ...sampleResult, language: 'fr' }, sampleHistory(), folder);
    const executablePath = chosen.found ? chosen.executablePath : '';
    launched = await launchBrowser({ executablePath, headed: false, slowMs: 0 });
    const context = await launched.browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
    page.on('request', one => asked.push(one.url().slice(0, 60)));
    page.on('console', message => complaints.push(message.text()));
    await page.goto(pathToFileURL(path.join(folder, 'report.html')).href);
  });
  after(() => launched?.close());

  const shown = async (text: string): Promise<boolean> => {
    assert.ok(page);
    return page.getByText(text, { exact: true }).first().isVisible();
  };

  it('opens from a file with scripts off, in the language of the run', async () => {
    assert.equal(await shown('Trois machines répondent'), true);
    assert.equal(await shown('Three machines answer'), false);
    assert.deepEqual(
      asked.filter(url => !/^(?:file|data):/.test(url)),
      [],
    );
    assert.deepEqual(complaints, []);
  });

  it('names pictures in the chosen language, from the keyboard too', async () => {
    assert.ok(page);
    await page.getByRole('img', { name: 'Alice voit une machine' }).waitFor();
    await page.getByRole('radio', { name: 'Français' }).focus();
    await page.keyboard.press('ArrowLeft');
    assert.equal(await shown('Three machines answer'), true);
    assert.equal(await shown('Trois machines répondent'), false);
    await page.getByRole('img', { name: 'Alice sees one machine' }).waitFor();
  });

  it('has one main heading and no level left out', async () => {
    assert.ok(page);
    const levels = await page
      .locator('h1,h2,h3,h4')
      .evaluateAll(headings => headings.map(heading => Number(heading.nodeName.slice(1))));
    assert.deepEqual([levels[0], levels.filter(level => level === 1).length], [1, 1]);
    for (const [index, level] of levels.entries()) {
      assert.ok(level - (levels[index - 1] ?? 0) <= 1, `heading ${index} jumps to ${level}`);
    }
  });

  it('shows a request when its mark is followed, and hides it again, with scripts off', async () => {
    assert.ok(page);
    const panel = page.locator('#q3');
    assert.equal(await panel.isVisible(), false);
    await page.locator('.lane a[href="#q3"] path').first().click();
    await panel.waitFor();
    assert.match(await panel.innerText(), /200 from webapp\d \(v1\)/);
    await panel.getByRole('link', { name: '›' }).click();
    assert.equal(await panel.isVisible(), false);
    await page.getByRole('link', { name: 'close' }).click();
    assert.equal(await page.locator('.panel:target').count(), 0);
  });

  it('prints without what is only for the screen', async () => {
    assert.ok(page);
    await page.locator('.lane a[href="#q3"] path').first().click();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('#q3').isVisible(), false);
    assert.equal(await page.locator('.timeline').isVisible(), true);
    assert.equal(await page.locator('.notable').isVisible(), true);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('link', { name: 'close' }).click();
  });

  it('never scrolls sideways, not even on a phone', async () => {
    assert.ok(page);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      const box = await page.locator('main').boundingBox();
      assert.ok(box && box.x + box.width <= width, `${width} px: ${JSON.stringify(box)}`);
    }
  });
});

describe('report.html for a screen reader', { skip }, () => {
  it('has nothing that axe complains of, in either language', async test => {
    const name = path.join(folder, 'report.html');
    const executablePath = chosen.found ? chosen.executablePath : '';
    const { browser, close } = await launchBrowser({ executablePath, headed: false, slowMs: 0 });
    test.after(close);
    const page = await (await browser.newContext()).newPage();
    for (const language of ['en', 'fr'] as const) {
      await writeReports({ ...sampleResult, language }, sampleHistory(), folder);
      await page.goto(`${pathToFileURL(name).href}#q3`);
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`),
        [],
      );
    }
  });
});

function poison(record: HistoryRecord, evil: string): HistoryRecord {
  if (record.kind === 'request') return { ...record, visitor: evil, machine: evil, error: evil };
  if (record.kind === 'action') return { ...record, command: evil };
  if (record.kind === 'machine') return { ...record, machine: evil };
  if (record.kind === 'connect') return { ...record, machine: evil, address: evil };
  if (record.kind === 'page') return { ...record, reason: evil, machine: evil };
  if (record.kind !== 'proxy-event') return record;
  return { ...record, event: { ...record.event, cause: evil, backendId: evil } };
}
