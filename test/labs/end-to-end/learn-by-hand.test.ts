/** A learner's session on real machines: what other terminals do turns its checks green. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { blueGreen } from '../../../labs/catalogue/blue-green/lab.ts';
import { circuitBreaker } from '../../../labs/catalogue/circuit-breaker/lab.ts';
import { realParts } from '../../../labs/cli/real-parts.ts';
import type { Lab } from '../../../labs/harness/lab.ts';
import { silentNarrator } from '../../../labs/harness/narrator/narration.ts';
import type { RunOutcome } from '../../../labs/harness/run/run-lab.ts';
import { runLearn } from '../../../labs/learn/run-learn.ts';
import { runOptions } from '../../support/fake-lab-parts.ts';
import { FakeLearner } from '../../support/fake-learner.ts';
import { LabHome } from '../../support/lab-command.ts';

const proxyEntry = path.resolve(import.meta.dirname, '../../../bin/relais.js');

const home = await LabHome.open();

describe('a learner with a second terminal', () => {
  const stop = new AbortController();
  after(async () => {
    stop.abort();
    await home.remove();
  });

  function begin(learner: FakeLearner, lab: Lab, step: number): Promise<RunOutcome> {
    const wanted = {
      instance: home.instance,
      machines: 'process',
      proxyEntry,
      browser: false,
    } as const;
    const options = runOptions(home.folder, wanted);
    const parts = realParts({}, silentNarrator);
    return runLearn(lab, options, parts, learner.learner(step - 1), stop.signal);
  }

  async function type(learner: FakeLearner): Promise<void> {
    for (const command of learner.view.step.commands) {
      const [program, ...words] = command.split(' ');
      assert.equal(program, 'lab', command);
      const { code, stderr } = await home.run(words);
      assert.equal(code, 0, `${command}: ${stderr}`);
    }
  }

  it('fails machines and measures them', async () => {
    const learner = new FakeLearner();
    const number = circuitBreaker.steps.findIndex(({ act }) =>
      act.some(one => one.kind === 'measure'),
    );
    const ended = begin(learner, circuitBreaker, number + 1);
    await learner.isAt(number + 1);
    learner.ask({ kind: 'predict', choice: 1 });
    await type(learner);
    await learner.sees('the step is done', ({ step }) => step.done);
    learner.ask({ kind: 'quit' });
    const { result } = await ended;
    assert.equal(
      result.steps[number]?.checks.every(({ verdict }) => verdict.kind === 'pass'),
      true,
    );
    await home.assertNothingLeft();
  });

  it('goes to every step, and takes back what was done there', async () => {
    const learner = new FakeLearner();
    const ended = begin(learner, blueGreen, 1);
    for (const [index, step] of blueGreen.steps.entries()) {
      learner.ask({ kind: 'go-to', step: index + 1 });
      await learner.sees(
        `step ${index + 1}`,
        view => view.step.id === step.id && view.busy === undefined,
      );
      if (step.act.length === 0) continue;
      if (step.predict !== undefined) learner.ask({ kind: 'predict', choice: 1 });
      const before = learner.view.machines.map(({ name, state }) => `${name} ${state}`);
      await learner.sees('it is red', view =>
        view.step.checks.some(({ state }) => state === 'red'),
      );
      learner.ask({ kind: 'solve' });
      await learner.sees('it is solved', view => view.step.done && view.busy === undefined);
      learner.ask({ kind: 'undo' });
      await learner.sees('it is taken back', () => /Taken back/.test(learner.notices));
      await learner.sees('it is as before', view =>
        view.machines.every(({ name, state }) => before.includes(`${name} ${state}`)),
      );
    }
    learner.ask({ kind: 'quit' });
    await ended;
    await home.assertNothingLeft();
  });
});
