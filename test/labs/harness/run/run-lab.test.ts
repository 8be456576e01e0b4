/** The engine from set-up to verdict, in a world that is held in memory. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { defineLab } from '../../../../labs/harness/define-lab.ts';
import { hello } from '../../../../labs/harness/kit.ts';
import type { Check, Lab, Step } from '../../../../labs/harness/lab.ts';
import { runLab } from '../../../../labs/harness/run/run-lab.ts';
import { t } from '../../../../labs/harness/text.ts';
import type { Kit } from '../../../../labs/harness/words.ts';
import { FakeWorld, runOptions } from '../../../support/fake-lab-parts.ts';

type Words = Kit<'webapp1' | 'webapp2'>;
const words = t('a', 'b');
const never = new AbortController().signal;

function check(id: string, probe: Check['probe'], window?: Check['window']): Check {
  return { id, claim: words, probe, ...(window === undefined ? {} : { window }) };
}

function step(id: string, fields: Pick<Step, 'check'> & Partial<Step>): Step {
  return { id, title: words, minutes: 1, say: words, act: [], ...fields };
}

function labOf(steps: (kit: Words) => readonly [Step, ...Step[]]): Lab {
  return defineLab({
    id: 'fake',
    title: words,
    summary: words,
    minutes: 1,
    machines: {
      webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') },
      webapp2: { ip: '192.168.56.22', forwardedPort: 9092, app: hello('v1') },
    },
    backends: ['webapp1', 'webapp2'],
    visitors: { alice: { perSecond: 10, keepAlive: false } },
    throughout: ({ expect }) => [check('same-proxy', expect.proxyNeverRestarted())],
    steps,
  });
}

describe('runLab', () => {
  let home = '';
  let world = new FakeWorld();
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'relais-lab-'));
  });
  after(() => rm(home, { recursive: true }));
  beforeEach(() => {
    world = new FakeWorld();
  });

  it('lets the visitors rest where a step wants quiet, and return after it', async () => {
    const lab = labOf(({ expect }) => [
      step('quiet', {
        visitors: 'rest',
        check: [check('known', expect.backends('webapp1', 'webapp2'))],
      }),
      step('busy', { check: [check('some', expect.served('every', 'webapp1'))] }),
    ]);
    await runLab(lab, runOptions(home), world.parts(), never);
    const visits = world.log.filter(line => line.startsWith('visitors'));
    assert.deepEqual(visits.slice(0, 3), ['visitors rest', 'visitors resume', 'visitors stopped']);
  });

  it('passes, records, reports, and takes everything down in reverse', async () => {
    const lab = labOf(({ machines, proxy, expect }) => [
      step('both', {
        check: [check('both', expect.served('every', 'webapp1', 'webapp2'))],
        during: [check('lost', expect.noFailedRequest())],
      }),
      step('one', {
        act: [machines.down('webapp2', 'power-off'), proxy.remove('webapp2')],
        check: [
          check('only', expect.served('only', 'webapp1'), { within: '2s', for: '100ms' }),
          check('page', expect.page({ status: 200, text: 'webapp1' })),
        ],
      }),
    ]);
    const { result, folder } = await runLab(lab, runOptions(home), world.parts(), never);
    assert.deepEqual(result.verdict, { kind: 'pass', because: '5 checks' });
    assert.equal(result, world.written);
    assert.deepEqual(
      result.steps.map(({ id }) => id),
      ['both', 'one', 'throughout'],
    );
    assert.deepEqual(result.steps[1]?.commands, [
      'lab down webapp2 --how power-off',
      'relais backend remove --id webapp --address 192.168.56.22:8080',
    ]);
    assert.ok(result.requests.total > 0);
    assert.equal(result.requests.failed, 0);
    assert.deepEqual(world.log.slice(0, 3), ['claim', 'stage open', 'visitors stopped']);
    const down = world.log.filter(entry => entry !== 'visitors stopped').slice(2);
    assert.deepEqual(down.sort(), ['browser closed', 'release', 'stage closed']);
    assert.equal(world.log.at(-1), 'release');
    const lines = (await readFile(path.join(folder, 'history.ndjson'), 'utf8')).trim().split('\n');
    assert.deepEqual(
      lines.map(line => JSON.parse(line)),
      JSON.parse(JSON.stringify(world.history)),
    );
    assert.equal(await readlink(path.join(home, 'runs/latest')), path.basename(folder));
  });

  it('tells with each command what makes the machines would be told', async () => {
    world.nativeLine = (deed, name) => `maker ${deed} ${name}`;
    const lab = labOf(({ machines, proxy, expect }) => [
      step('one', {
        act: [machines.down('webapp2', 'power-off'), proxy.remove('webapp2')],
        check: [check('only', expect.served('every', 'webapp1'), { within: '2s' })],
      }),
    ]);
    const told: (readonly [string, readonly string[]])[] = [];
    const parts = world.parts();
    const narrator = {
      ...parts.narrator,
      command: (command: string, natives: readonly string[] = []) => {
        told.push([command, natives]);
      },
    };
    await runLab(lab, runOptions(home), { ...parts, narrator }, never);
    assert.deepEqual(told, [
      ['lab down webapp2 --how power-off', ['maker power-off webapp2']],
      ['relais backend remove --id webapp --address 192.168.56.22:8080', []],
    ]);
  });

  it('fails with the reason and does not play what stands on it', async () => {
    const lab = labOf(({ expect }) => [
      step('wrong', { check: [check('wrong', expect.status(503), { within: '50ms' })] }),
      step('next', { check: [check('next', expect.status(200))] }),
    ]);
    const { result } = await runLab(lab, runOptions(home), world.parts(), never);
    assert.equal(result.verdict.kind, 'fail');
    assert.match(result.verdict.because, /^wrong\.wrong: alice #\d+ got 200, expected 503/);
    assert.equal(result.steps[1]?.checks[0]?.verdict.kind, 'unknown');
    assert.match(`${result.steps[1]?.checks[0]?.verdict.because}`, /not reached/);
    assert.ok(world.log.includes('stage closed'));
  });

  it('tells the diagnosis that fits', async () => {
    world.backends.set('webapp2', 'nowhere');
    const lab = labOf(({ proxy, expect }) => [
      step('mistake', {
        act: [proxy.remove('webapp2')],
        check: [
          {
            ...check('both', expect.served('every', 'webapp1', 'webapp2'), { within: '500ms' }),
            because: [
              { when: expect.status(500), say: t('not this one', '') },
              { when: expect.addressMistake(), say: t('look at the list', '') },
            ],
          },
        ],
      }),
    ]);
    const { result } = await runLab(lab, runOptions(home), world.parts(), never);
    assert.match(result.verdict.because, /webapp2 served no request .* look at the list$/);
  });

  it('tells the diagnosis that fits what had to hold all the while', async () => {
    const lab = labOf(({ expect }) => [
      step('wrong', {
        check: [check('known', expect.backends('webapp1', 'webapp2'))],
        during: [
          {
            ...check('teapots', expect.answered(418)),
            because: [
              { when: expect.addressMistake(), say: t('not this one', '') },
              { when: expect.answered(418, 0), say: t('there are no teapots', '') },
            ],
          },
        ],
      }),
    ]);
    const { result } = await runLab(lab, runOptions(home), world.parts(), never);
    assert.match(result.verdict.because, /^wrong\.teapots: 0 of .* there are no teapots$/);
  });

  it('an action that fails leaves its checks unknown, with the reason', async () => {
    world.trouble.add = 'the proxy refused: no';
    const lab = labOf(({ proxy, expect }) => [
      step('add', {
        act: [proxy.add('webapp1')],
        check: [check('ok', expect.status(200))],
      }),
    ]);
    const { result } = await runLab(lab, runOptions(home), world.parts(), never);
    assert.deepEqual(result.steps[0]?.checks[0]?.verdict, {
      kind: 'unknown',
      because: 'the proxy refused: no',
    });
    const errors = world.history.filter(record => record.kind === 'action' && record.error);
    assert.equal(errors.length, 1);
  });

  it('without a browser its checks are unknown, and the run cannot pass', async () => {
    world.browserFound = false;
    const lab = labOf(({ expect }) => [
      step('page', { check: [check('page', expect.page({ status: 200, text: '' }))] }),
      step('more', { check: [check('ok', expect.status(200))] }),
    ]);
    const { result } = await runLab(lab, runOptions(home), world.parts(), never);
    assert.deepEqual(result.verdict, {
      kind: 'unknown',
      because: 'page.page: none is installed.',
    });
    assert.equal(result.steps[1]?.checks[0]?.verdict.kind, 'pass');
    assert.deepEqual(result.browser, { found: false, reason: 'none is installed.' });
  });

  it('passes without a browser when none was wanted', async () => {
    const lab = labOf(({ expect }) => [
      step('page', {
        check: [
          check('page', expect.page({ status: 200, text: '' })),
          check('ok', expect.status(200)),
        ],
      }),
    ]);
    const options = runOptions(home, { browser: false });
    const { result } = await runLab(lab, options, world.parts(), never);
    assert.equal(result.verdict.kind, 'pass');
    assert.equal(result.steps[0]?.checks[0]?.verdict.kind, 'unknown');
  });

  it('judges and tells what is true where a failure is imitated', async () => {
    const how = 'the app is only stopped';
    world.capabilities = {
      ...world.capabilities,
      failures: { ...world.capabilities.failures, blackhole: { kind: 'imitated', how } },
    };
    const lab = labOf(({ machines, expect }) => [
      step('hole', {
        act: [machines.down('webapp1', 'blackhole'), machines.measure('webapp1')],
        check: [
          {
            ...check('silent', expect.connect('webapp1', 'silent'), { within: '50ms' }),
            imitated: {
              verb: 'blackhole',
              claim: t('here it is refused', ''),
              probe: expect.connect('webapp1', 'refused'),
            },
          },
        ],
      }),
    ]);
    const { result } = await runLab(lab, runOptions(home), world.parts(), never);
    assert.equal(result.verdict.kind, 'pass');
    assert.equal(result.steps[0]?.checks[0]?.claim.en, 'here it is refused');
    assert.deepEqual(result.imitations, { blackhole: how });
    assert.ok(world.history.some(record => record.kind === 'machine' && record.imitated === how));
  });

  it('an interruption in a step takes everything down and is told', async () => {
    const stop = new AbortController();
    const lab = labOf(({ expect }) => [
      step('long', { check: [check('never', expect.status(503), { within: '10m' })] }),
    ]);
    const parts = world.parts();
    const running = runLab(
      lab,
      runOptions(home),
      { ...parts, narrator: { ...parts.narrator, step: () => setImmediate(() => stop.abort()) } },
      stop.signal,
    );
    const { result } = await running;
    assert.equal(result.interrupted, true);
    assert.equal(result.verdict.kind, 'unknown');
    assert.ok(world.log.includes('stage closed'));
    assert.equal(world.log.at(-1), 'release');
  });

  it('a stage that cannot be opened rejects, and the instance is free again', async () => {
    world.trouble.openStage = 'port 9090 is taken';
    const lab = labOf(({ expect }) => [step('s', { check: [check('c', expect.status(200))] })]);
    await assert.rejects(runLab(lab, runOptions(home), world.parts(), never), /port 9090/);
    assert.equal(world.log.at(-1), 'release');
  });

  it('what cannot be taken down is told and does not stop the rest', async () => {
    world.trouble.close = 'a process would not end';
    const notes: string[] = [];
    const parts = world.parts();
    const narrator = { ...parts.narrator, note: (text: { en: string }) => notes.push(text.en) };
    const lab = labOf(({ expect }) => [step('s', { check: [check('c', expect.status(200))] })]);
    const { result } = await runLab(lab, runOptions(home), { ...parts, narrator }, never);
    assert.equal(result.verdict.kind, 'pass');
    assert.match(notes.join(), /a process would not end .*lab clean/);
    assert.equal(world.log.at(-1), 'release');
  });

  it('leaves the stage when asked to keep it', async () => {
    const lab = labOf(({ expect }) => [step('s', { check: [check('c', expect.status(200))] })]);
    await runLab(lab, runOptions(home, { keep: true }), world.parts(), never);
    assert.ok(world.log.includes('stage left'));
    assert.ok(!world.log.includes('stage closed'));
  });
});
