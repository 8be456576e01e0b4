/** A learner's session from beginning to end, in a world that is held in memory. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { defineLab } from '../../../labs/harness/define-lab.ts';
import { agrees, recheck } from '../../../labs/harness/judge/recheck.ts';
import { hello } from '../../../labs/harness/kit.ts';
import type { Lab, Step } from '../../../labs/harness/lab.ts';
import type { RunOutcome } from '../../../labs/harness/run/run-lab.ts';
import { t } from '../../../labs/harness/text.ts';
import type { LearnView } from '../../../labs/learn/learn-view.ts';
import { runLearn } from '../../../labs/learn/run-learn.ts';
import { FakeWorld, runOptions } from '../../support/fake-lab-parts.ts';
import { FakeLearner } from '../../support/fake-learner.ts';

const words = t('a', 'b');
const window = { within: '1s', for: '50ms' } as const;

const lab: Lab = defineLab({
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
  throughout: ({ expect }) => [
    { id: 'same-proxy', claim: t('same proxy', 'même proxy'), probe: expect.proxyNeverRestarted() },
  ],
  steps: ({ machines, proxy, expect }): [Step, ...Step[]] => [
    {
      id: 'both',
      title: words,
      minutes: 1,
      say: words,
      act: [],
      check: [{ id: 'all', claim: words, probe: expect.served('every', 'webapp1', 'webapp2') }],
    },
    {
      id: 'one',
      title: words,
      minutes: 1,
      say: words,
      predict: {
        ask: t('Who serves?', 'Qui sert ?'),
        choices: [
          { id: 'nobody', text: words, trueWhen: expect.status(503) },
          { id: 'first', text: words, trueWhen: expect.served('only', 'webapp1') },
        ],
      },
      act: [machines.down('webapp2', 'power-off')],
      check: [
        { id: 'off', claim: words, probe: expect.machine('webapp2', { state: 'poweroff' }) },
        { id: 'only', claim: t('only', 'seule'), probe: expect.served('only', 'webapp1'), window },
      ],
      during: [{ id: 'lost', claim: words, probe: expect.noFailedRequest() }],
      hints: [t('nudge', 'n'), t('where', 'o')],
    },
    {
      id: 'gone',
      title: words,
      minutes: 1,
      say: words,
      act: [proxy.remove('webapp2')],
      check: [
        { id: 'list', claim: words, probe: expect.backends('webapp1') },
        { id: 'page', claim: words, probe: expect.page({ status: 200, text: 'webapp1' }) },
      ],
    },
  ],
});

function why({ panel }: LearnView): string {
  return panel?.kind === 'why' ? panel.lines.join('\n') : '';
}

describe('runLearn', () => {
  let home = '';
  let world = new FakeWorld();
  let learner = new FakeLearner();
  let ending: Promise<RunOutcome> | undefined;
  let stop = new AbortController();
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'relais-learn-'));
  });
  after(() => rm(home, { recursive: true }));
  beforeEach(() => {
    world = new FakeWorld();
    learner = new FakeLearner();
    stop = new AbortController();
  });
  afterEach(async () => {
    learner.ask({ kind: 'quit' });
    await ending;
  });

  function begin(from?: number): Promise<RunOutcome> {
    return runLearn(lab, runOptions(home), world.parts(), learner.learner(from), stop.signal);
  }

  const isDone = () => learner.sees('the step is done', ({ step }) => step.done);

  it('is learned to its end by hand, and told like any other run', async () => {
    world.nativeLine = (deed, name) => `maker ${deed} ${name}`;
    ending = begin();
    await learner.isAt(1);
    await isDone();
    assert.equal(learner.view.finished, false);
    learner.ask({ kind: 'next' });
    await learner.isAt(2);
    assert.deepEqual(learner.view.step.commands, [], 'the prediction comes first');
    assert.deepEqual(learner.view.step.natives, []);
    learner.ask({ kind: 'predict', choice: 1 });
    assert.deepEqual(learner.view.step.commands, ['lab down webapp2 --how power-off']);
    assert.deepEqual(learner.view.step.natives, ['maker power-off webapp2']);
    await learner.sees('it is not so yet', ({ step }) => step.checks[1]?.state === 'red');
    await world.room.fail('webapp2', 'power-off');
    await isDone();
    assert.equal(learner.view.step.prediction?.happened, 'first');
    assert.equal(learner.view.step.prediction?.chosen, 'nobody');
    learner.ask({ kind: 'next' });
    await learner.isAt(3);
    world.backends.delete('webapp2');
    await isDone();
    assert.equal(learner.view.finished, true);
    learner.ask({ kind: 'next' });
    const { result } = await ending;
    assert.equal(result.verdict.kind, 'pass', result.verdict.because);
    assert.equal(result.byHand, true);
    assert.equal(world.written, result);
    assert.deepEqual(
      result.steps.map(({ id }) => id),
      ['both', 'one', 'gone', 'throughout'],
    );
    assert.deepEqual(learner.progress?.done, ['both', 'one', 'gone']);
    assert.deepEqual(learner.progress?.predictions, {
      one: { chosen: 'nobody', happened: 'first' },
    });
    const again = recheck(lab, result, world.history);
    assert.ok(agrees(again), JSON.stringify(again, null, 1));
    assert.deepEqual(world.log.slice(-4), [
      'browser closed',
      'visitors stopped',
      'stage closed',
      'release',
    ]);
  });

  it('goes to any step, resets, and takes the last change back', async () => {
    ending = begin(1);
    await learner.isAt(2);
    await world.room.fail('webapp1', 'power-off');
    await learner.sees('the damage is named', () => /lab heal webapp1/.test(learner.notices));
    await learner.sees('it is kept', ({ machines }) => machines[0]?.state === 'poweroff');
    learner.ask({ kind: 'undo' });
    await learner.sees('it was taken back', () =>
      /webapp1: running v1 → poweroff/.test(learner.notices),
    );
    assert.equal(world.machines.get('webapp1')?.state, 'running');
    learner.ask({ kind: 'go-to', step: 3 });
    await learner.isAt(3);
    assert.equal(world.machines.get('webapp2')?.state, 'poweroff');
    world.backends.delete('webapp1');
    await learner.sees('the damage is named', () => /knows webapp1/.test(learner.notices));
    learner.ask({ kind: 'reset' });
    assert.equal(learner.view.panel?.kind, 'question');
    learner.ask({ kind: 'yes' });
    await learner.sees('it is as at the start', ({ busy }) => busy === undefined);
    assert.deepEqual([...world.backends.keys()], ['webapp1', 'webapp2']);
    await learner.sees('no promise is broken by us', ({ step }) =>
      step.promises.every(({ state }) => state === 'green'),
    );
  });

  it('helps: hints, the reason, the solution, in either language', async () => {
    ending = begin(1);
    await learner.isAt(2);
    learner.ask({ kind: 'hint' });
    assert.deepEqual(learner.view.panel, {
      kind: 'hint',
      rung: 1,
      rungs: 3,
      text: t('nudge', 'n'),
    });
    learner.ask({ kind: 'hint' });
    learner.ask({ kind: 'hint' });
    const commands = ['lab down webapp2 --how power-off'];
    assert.deepEqual(learner.view.panel, { kind: 'solution', commands, done: 0 });
    assert.equal(learner.view.step.checks[1]?.because, '', 'the prediction comes first');
    learner.ask({ kind: 'predict', choice: 2 });
    await learner.sees('it is red', ({ step }) => step.checks[1]?.state === 'red');
    learner.ask({ kind: 'language' });
    learner.ask({ kind: 'why', check: 2 });
    assert.match(why(learner.view), /seule\n.*(a reçu la réponse|tout le monde voit)/);
    learner.ask({ kind: 'solve' });
    await isDone();
    assert.deepEqual(learner.view.panel, { kind: 'solution', commands, done: 1 });
  });

  it('goes on where the learner was, and leaves out what is skipped', async () => {
    ending = begin();
    await learner.isAt(1);
    learner.ask({ kind: 'next' });
    await learner.sees(
      'not yet',
      () => /every check must be green/.test(learner.notices) || learner.view.step.done,
    );
    learner.ask({ kind: 'skip' });
    await learner.isAt(2);
    learner.ask({ kind: 'quit' });
    const { result } = (await ending) ?? assert.fail();
    assert.equal(result.verdict.kind, 'unknown');
    assert.equal(result.interrupted, false);
    assert.ok(agrees(recheck(lab, result, world.history)));
    world = new FakeWorld();
    ending = begin();
    await learner.isAt(2);
    assert.equal(world.log.filter(line => line === 'proxy restarted').length, 1);
    const [first] = learner.view.steps;
    assert.ok(first?.state === 'skipped' || first?.state === 'done');
  });

  it('takes everything down when it is interrupted', async () => {
    ending = begin();
    await learner.isAt(1);
    stop.abort();
    const { result } = (await ending) ?? assert.fail();
    assert.equal(result.interrupted, true);
    assert.ok(world.log.includes('stage closed'));
    assert.equal(learner.isClosed, true);
  });

  it('reads pages without a browser, and says so', async () => {
    world.browserFound = false;
    ending = begin(2);
    await learner.isAt(3);
    world.backends.delete('webapp2');
    await learner.sees('it is told', () => /No browser: none is installed/.test(learner.notices));
  });
});
