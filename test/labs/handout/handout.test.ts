/** A handout is made of a lab and of the run that verified it, and knows when it is stale. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { HandoutFolder } from '../../../labs/handout/handout-folder.ts';
import { defineLab } from '../../../labs/harness/define-lab.ts';
import { hello } from '../../../labs/harness/kit.ts';
import type { Lab, Step } from '../../../labs/harness/lab.ts';
import type { RunResult } from '../../../labs/harness/result.ts';
import { t } from '../../../labs/harness/text.ts';

function labWith(fields: Partial<Step>): Lab {
  return defineLab({
    id: 'paper',
    title: t('On paper', 'Sur papier'),
    summary: t('A lab to read.', 'Un lab à lire.'),
    minutes: 3,
    machines: { webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') } },
    backends: [],
    visitors: { alice: { perSecond: 1, keepAlive: false } },
    steps: ({ proxy, expect }) => [
      {
        id: 'join',
        title: t('It joins', 'Elle arrive'),
        minutes: 3,
        say: t('Tell the proxy.', 'Prévenez le proxy.'),
        predict: {
          ask: t('Who answers?', 'Qui répond ?'),
          choices: [
            { id: 'nobody', text: t('Nobody', 'Personne'), trueWhen: expect.status(503) },
            { id: 'it', text: t('webapp1', 'webapp1 donc'), trueWhen: expect.status(200) },
          ],
        },
        act: [proxy.add('webapp1')],
        check: [
          {
            id: 'serves',
            claim: t('It serves', 'Elle sert'),
            probe: expect.status(200),
            because: [
              { when: expect.status(503), say: t('It is | not there', 'Elle n’est | pas là') },
            ],
          },
        ],
        see: [{ id: 'page', visitor: 'alice', alt: t('Its page', 'Sa page') }],
        hints: [t('Look at the list.', 'Regardez la liste.')],
        ...fields,
      },
    ],
  });
}

const result: RunResult = {
  schema: 1,
  lab: 'paper',
  title: t('On paper', 'Sur papier'),
  language: 'fr',
  provider: 'netns',
  imitations: {},
  browser: { found: true, name: 'Chromium 1' },
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 4_200,
  environment: { relais: '1.0.0', node: 'v20', platform: 'linux-x64', seed: 1, instance: 0 },
  requests: { total: 12, failed: 0 },
  verdict: { kind: 'pass', because: '1 check' },
  interrupted: false,
  steps: [
    {
      id: 'join',
      title: t('It joins', 'Elle arrive'),
      say: t('Tell the proxy.', 'Prévenez le proxy.'),
      commands: ['relais backend add --id webapp --address 192.168.56.21:8080'],
      outputs: ['backend added'],
      startedAt: 0,
      durationMs: 10,
      checks: [
        {
          id: 'serves',
          claim: t('It serves', 'Elle sert'),
          source: 'history',
          verdict: { kind: 'pass', because: 'tout le monde reçoit 200' },
          durationMs: 1,
        },
      ],
      shots: [{ id: 'page', alt: t('Its page', 'Sa page'), file: 'shots/join.page.png' }],
      prediction: {
        ask: t('Who answers?', 'Qui répond ?'),
        choices: [
          { id: 'nobody', text: t('Nobody', 'Personne'), happened: false },
          { id: 'it', text: t('webapp1', 'webapp1 donc'), happened: true },
        ],
      },
    },
  ],
};

function saying(output: string): RunResult {
  return { ...result, steps: result.steps.map(step => ({ ...step, outputs: [output] })) };
}

describe('a handout', () => {
  let home: string;
  let handouts: HandoutFolder;
  const lab = labWith({});
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'handout-'));
    await mkdir(path.join(home, 'run/shots'), { recursive: true });
    await writeFile(path.join(home, 'run/shots/join.page.png'), 'picture');
    handouts = new HandoutFolder(path.join(home, 'out'));
    const run = path.join(home, 'run');
    await handouts.take(lab, saying(`${path.join(run, 'proxy/relais.toml')} is valid`), run);
  });
  after(() => rm(home, { recursive: true }));

  it('has commands, answers, claims, picture, diagnoses, hints and what came true', async () => {
    const page = await readFile(path.join(home, 'out/paper.fr.md'), 'utf8');
    for (const wanted of [
      '# Sur papier',
      '$ relais backend add --id webapp --address 192.168.56.21:8080\nrelais.toml is valid',
      '- Elle sert : *tout le monde reçoit 200*',
      '![Sa page](paper/join.page.fr.png)',
      '| 1 | Elle sert | Elle n’est \\| pas là |',
      '- 1: Regardez la liste.',
      '- 1: B. webapp1 donc',
    ]) {
      assert.ok(page.includes(wanted), `${wanted}\nis not in\n${page}`);
    }
    assert.doesNotMatch(page, /It serves|Hints/);
    assert.equal(await readFile(path.join(home, 'out/paper/join.page.fr.png'), 'utf8'), 'picture');
  });

  it('is a page of HTML too, whose links lead to pages of HTML', async () => {
    const page = await readFile(path.join(home, 'out/paper.fr.html'), 'utf8');
    assert.match(page, /<html lang="fr">/);
    assert.match(page, /href="README.fr.html"/);
    assert.match(page, /href="paper.en.html"/);
    assert.match(page, /href="paper.fr.md"/);
  });

  it('is up to date, and stale once words, commands or pictures of the lab change', () => {
    assert.deepEqual(handouts.problems(lab, 'fr'), []);
    assert.match(handouts.problems(lab, 'en').join(), /no handout of paper in en/);
    const words = labWith({ say: t('Tell it.', 'Dites-le.') });
    assert.match(handouts.problems(words, 'fr').join(), /paper.fr.md is not what the lab says/);
    const commands = labWith({ act: [] });
    assert.match(handouts.problems(commands, 'fr').join(), /commands of join/);
    const pictures = labWith({ see: [] });
    assert.match(handouts.problems(pictures, 'fr').join(), /pictures of join/);
  });

  it('is written again without a run when only words have changed', async () => {
    const words = labWith({ say: t('Tell it.', 'Dites-le.') });
    assert.equal(await handouts.rewrite(words, 'fr'), true);
    assert.deepEqual(handouts.problems(words, 'fr'), []);
    assert.equal(await handouts.rewrite(labWith({ act: [] }), 'fr'), false);
    await handouts.rewrite(lab, 'fr');
  });

  it('misses a picture that is gone', async () => {
    await rm(path.join(home, 'out/paper/join.page.fr.png'));
    assert.match(handouts.problems(lab, 'fr').join(), /picture .*join.page.fr.png is missing/);
  });
});
