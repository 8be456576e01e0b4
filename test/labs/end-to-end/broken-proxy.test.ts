/** The labs can fail: a proxy broken on purpose makes the right check fail, with a reason to read. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Break, breakProxy } from '../../support/broken-proxy.ts';
import { LabHome } from '../../support/lab-command.ts';

const home = new LabHome(1);
after(() => home.remove());

/** Runs the lab with the broken proxy: `step.check: reason` of every check that failed. */
async function failuresOf(lab: string, broken: Break): Promise<readonly string[]> {
  const proxy = await breakProxy(broken);
  try {
    const { code, stdout, stderr } = await home.run(['run', lab, '--proxy-entry', proxy.entry]);
    assert.equal(code, 1, stdout + stderr);
    await home.assertNothingLeft();
    const { verdict, steps } = home.latestResult();
    assert.equal(verdict.kind, 'fail');
    return steps.flatMap(step =>
      step.checks
        .filter(check => check.verdict.kind === 'fail')
        .map(check => `${step.id}.${check.id}: ${check.verdict.because}`),
    );
  } finally {
    await proxy.remove();
  }
}

function assertSome(failures: readonly string[], pattern: RegExp): void {
  assert.ok(
    failures.some(failure => pattern.test(failure)),
    `none of these is ${pattern}:\n${failures.join('\n')}`,
  );
}

describe('a proxy broken on purpose', () => {
  it('that sends everything to one machine fails load-balance', async () => {
    const failures = await failuresOf('load-balance', {
      file: 'balancing/round-robin.js',
      from: 'const turn = cursor % from.count;',
      to: 'const turn = 0 * (cursor % from.count);',
    });
    assertSome(failures, /webapp2.*webapp3/);
  });

  it('that goes on using a removed backend fails blue-green', async () => {
    const failures = await failuresOf('blue-green', {
      file: 'worker/apply-request.js',
      from: 'tables.clusters.takeOut(cluster, backend);',
      to: 'void backend;',
    });
    assertSome(failures, /webapp[123]/);
  });

  it('that gives its 503 page another status fails circuit-breaker', async () => {
    const failures = await failuresOf('circuit-breaker', {
      file: 'http1/own-answers.js',
      from: 'template.status} ',
      to: 'template.status === 503 ? 200 : template.status} ',
    });
    assertSome(failures, /the-last-one.*(503.*200|200.*503)/);
  });
});
