/** Ctrl-C, SIGTERM and kill -9 at any moment; two runs that want the same instance. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { LabHome } from '../../support/lab-command.ts';

const run = ['run', 'circuit-breaker', '--machines', 'process'];
const blind = [...run, '--no-browser'];
/** Of a lab that ends soon. */
const short = ['run', 'load-balance', '--machines', 'process', '--until', 'two-browsers'];

const home = await LabHome.open();

describe('a run that is stopped', () => {
  after(() => home.remove());

  function testStopped(
    title: string,
    words: readonly string[],
    moment: RegExp,
    ...signals: readonly NodeJS.Signals[]
  ): void {
    it(title, async () => {
      const lab = home.start(words);
      await lab.said(moment);
      for (const signal of signals) lab.kill(signal);
      const { code, stdout, stderr } = await lab.ended;
      assert.equal(code, 130, stdout + stderr);
      await home.assertNothingLeft();
    });
  }

  testStopped('while machines start', blind, /Starting webapp1/, 'SIGINT');
  testStopped('while machines and the browser start', run, /Starting webapp1/, 'SIGTERM');
  testStopped('while the proxy starts', blind, /Starting the proxy/, 'SIGINT');
  testStopped('as it begins', blind, /meet the circuit breaker/, 'SIGINT');
  testStopped('while an action runs', blind, /lab measure/, 'SIGINT');
  testStopped('while checks wait, with a browser', short, /1\/1/, 'SIGINT');
  testStopped(
    'while it cleans up by itself',
    [...short, '--no-browser'],
    /✔ No visitor got an error/,
    'SIGINT',
  );
  testStopped('while `lab up` works', ['up', '--machines', 'process'], /Starting web/, 'SIGINT');
  testStopped('twice at once', blind, /2\/7/, 'SIGINT', 'SIGINT');

  it('again while it cleans up, with another signal', async () => {
    const lab = home.start(run);
    await lab.said(/1\/7/);
    lab.kill('SIGINT');
    await lab.said(/taking everything down/);
    lab.kill('SIGTERM');
    lab.kill('SIGINT');
    const { code, stderr } = await lab.ended;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Still taking everything down/);
    await home.assertNothingLeft();
    const result = home.latestResult();
    assert.equal(result.interrupted, true);
    assert.equal(result.verdict.kind, 'unknown');
  });

  it('by kill -9: the next run sweeps, says so, and passes', async () => {
    const lab = home.start(blind);
    await lab.said(/lab measure/);
    lab.kill('SIGKILL');
    assert.equal((await lab.ended).code, null);
    const next = await home.run([...short, '--no-browser']);
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.match(
      next.stdout,
      /ended without cleaning up\. Removed: machine webapp1.*program proxy/,
    );
    await home.assertNothingLeft();
  });

  it('while another run wants its instance: the other is refused', async () => {
    const first = home.start(blind);
    await first.said(/1\/7/);
    const second = await home.run(blind);
    assert.equal(second.code, 4, second.stdout + second.stderr);
    assert.match(second.stderr, new RegExp(`pid ${first.pid}\\b.*--instance`, 's'));
    first.kill('SIGINT');
    assert.equal((await first.ended).code, 130);
    await home.assertNothingLeft();
  });
});
