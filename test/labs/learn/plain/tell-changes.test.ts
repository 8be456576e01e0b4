/** Sentences instead of a screen: all of it once, then what changed, in both languages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { t } from '../../../../labs/harness/text.ts';
import type { LearnView, StepView } from '../../../../labs/learn/learn-view.ts';
import { tellChanges } from '../../../../labs/learn/plain/tell-changes.ts';
import { atWork, check, done, machine, predicting } from '../screen/sample-views.ts';

const withStep = (fields: Partial<StepView>): LearnView => ({
  ...atWork,
  step: { ...atWork.step, ...fields },
});
const told = (before: LearnView | undefined, view: LearnView): string =>
  tellChanges(before, view).join('\n');

describe('tellChanges', () => {
  it('tells everything first', () => {
    const text = told(undefined, atWork);
    assert.match(text, /^Meet the circuit breaker\nhttp:\/\/localhost:8080\/\nwebapp1 runs v1\n/);
    assert.match(text, /webapp3 is off/);
    assert.match(text, /Step 3 of 4: Pull the plug on one\nPower off webapp3/);
    assert.match(text, /npm run lab -- shell\):\n {2}lab down webapp3 --how power-off/);
    assert.match(text, /Not yet: All three machines serve \(webapp3 has not served\)/);
    assert.match(
      told(undefined, { ...atWork, language: 'fr' }),
      /Étape 3 sur 4 : Débranchez-en une/,
    );
  });

  it('asks for the prediction, and shows the commands when it is given', () => {
    const first = told(undefined, predicting);
    assert.match(
      first,
      /Answer with a number:\n {2}1: A wait, then the page\n {2}2: An error page/,
    );
    assert.doesNotMatch(first, /lab down/);
    assert.match(told(predicting, atWork), /^Type in another terminal.*\n {2}lab down webapp3/);
  });

  it('tells the words of what makes the machines after the commands', () => {
    const text = told(predicting, withStep({ natives: ['vagrant halt --force webapp3'] }));
    assert.match(text, /a b'\n {2}or: vagrant halt --force webapp3/);
  });

  it('says nothing when nothing of note has changed', () => {
    const served = { ...atWork, machines: atWork.machines.map(each => ({ ...each, served: 9 })) };
    assert.equal(told(atWork, { ...served, requests: { total: 2_000, failed: 1 } }), '');
    const holding = [check({ state: 'holding' }), ...atWork.step.checks.slice(1)];
    assert.equal(told(atWork, withStep({ checks: holding })), '');
  });

  it('tells a check that turns green, and one that no longer is', () => {
    const green = withStep({
      checks: [check({ state: 'green', because: '3 of 3' }), ...atWork.step.checks.slice(1)],
    });
    assert.equal(told(atWork, green), 'OK: All three machines serve (3 of 3)');
    assert.match(told(green, atWork), /^Not yet: All three machines serve/);
  });

  it('tells a diagnosis once', () => {
    const diagnosis = t('It was another plug.', 'C’était une autre prise.');
    const view = withStep({ checks: [check({ diagnosis }), ...atWork.step.checks.slice(1)] });
    assert.equal(told(atWork, view), 'It was another plug.');
    assert.equal(told(view, { ...view, url: 'x' }), '');
  });

  it('tells what becomes of machines, breakers, promises and requests', () => {
    const frozen = [machine(1, { failures: ['freeze'] }), ...atWork.machines.slice(1)];
    assert.equal(told(atWork, { ...atWork, machines: frozen }), 'webapp1 runs v1, freeze');
    const { backend } = atWork.machines[2] ?? machine(3);
    const closed = backend && { ...backend, breaker: 'closed' as const };
    const mended = atWork.machines.map((each, index) =>
      index === 2 ? { ...each, backend: closed } : each,
    );
    assert.equal(told(atWork, { ...atWork, machines: mended }), 'The breaker of webapp3 is closed');
    const broken = atWork.step.promises.map(each => ({ ...each, state: 'red' as const }));
    assert.match(told(atWork, withStep({ promises: broken })), /^Broken promise: No request fails/);
    const failed = (number: number): LearnView => ({
      ...atWork,
      requests: { total: 2_000, failed: number },
    });
    assert.equal(told(failed(0), failed(1)), 'Failed so far: 1 of 2,000 requests');
    assert.equal(told(failed(4), failed(7)), '');
    assert.equal(told(failed(7), failed(8)), 'Failed so far: 8 of 2,000 requests');
  });

  it('tells the outcome of the step and of the prediction', () => {
    assert.match(
      told(atWork, done),
      /What happened: A wait, then the page\nThe breaker waited for three\.\nDone\. Type next/,
    );
    assert.match(told(atWork, { ...done, language: 'fr' }), /Tapez suivant/);
  });

  it('tells a panel when it opens or changes, and lets no program move the cursor', () => {
    const why = (line: string): LearnView => ({ ...atWork, panel: { kind: 'why', lines: [line] } });
    assert.equal(told(atWork, why('alice \x1b[2J503')), 'alice  503');
    assert.equal(told(why('a'), why('a')), '');
    assert.equal(told(why('a'), why('b')), 'b');
    assert.equal(told(why('a'), atWork), '');
    const keys = told(atWork, { ...atWork, language: 'fr', panel: { kind: 'keys' } });
    assert.match(keys, /suivant: passer à l’étape suivante/);
  });
});
