/** The labs can fail: a proxy broken on purpose makes the right check fail, with a reason to read. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Break, breakProxy } from '../../support/broken-proxy.ts';
import { LabHome } from '../../support/lab-command.ts';

/** So many labs at a time: they are waiting most of the time. */
const CONCURRENCY = 4;

/** Runs the lab with the broken proxy, until this step: `step.check: reason` of every check that failed. */
async function failuresOf(lab: string, until: string, broken: Break): Promise<readonly string[]> {
  const proxy = await breakProxy(broken);
  try {
    return await LabHome.use(home =>
      failuresIn(home, [lab, '--until', until, '--proxy-entry', proxy.entry]),
    );
  } finally {
    await proxy.remove();
  }
}

async function failuresIn(home: LabHome, words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await home.run(['run', ...words, '--no-browser']);
  assert.equal(code, 1, stdout + stderr);
  await home.assertNothingLeft();
  const { verdict, steps } = home.latestResult();
  assert.equal(verdict.kind, 'fail');
  return steps.flatMap(step =>
    step.checks
      .filter(check => check.verdict.kind === 'fail')
      .map(check => `${step.id}.${check.id}: ${check.verdict.because}`),
  );
}

function assertSome(failures: readonly string[], pattern: RegExp): void {
  assert.ok(
    failures.some(failure => pattern.test(failure)),
    `none of these is ${pattern}:\n${failures.join('\n')}`,
  );
}

describe('a proxy broken on purpose', { concurrency: CONCURRENCY }, () => {
  it('that sends everything to one machine fails load-balance', async () => {
    const failures = await failuresOf('load-balance', 'two-browsers', {
      file: 'balancing/round-robin.js',
      from: 'const turn = cursor % from.count;',
      to: 'const turn = 0 * (cursor % from.count);',
    });
    assertSome(failures, /^two-browsers\.all-served: webapp2, webapp3 served.*does not take turns/);
  });

  it('that goes on using a removed backend fails blue-green', async () => {
    const failures = await failuresOf('blue-green', 'v1-leaves', {
      file: 'worker/apply-request.js',
      from: 'tables.clusters.takeOut(cluster, backend);',
      to: 'void backend;',
    });
    assertSome(
      failures,
      /^v1-leaves\.v1-unused: .*still went to webapp\d.*still in `relais backend list`/,
    );
  });

  it('that hands out other shares than its weights say fails canary', async () => {
    const failures = await failuresOf('canary', 'one-in-five', {
      file: 'balancing/round-robin.js',
      from: 'const weight = weightAt(backend, from.now);',
      to: 'const weight = 1;',
    });
    assertSome(failures, /^one-in-five\.a-fifth: v2 had 2\d.*does not do what it says/);
  });

  it('that sends nobody back where their cookie says fails ab-test', async () => {
    const failures = await failuresOf('ab-test', 'stay-with-one', {
      file: 'net/upstream/backend-search.js',
      from: 'if (visited !== undefined && backends.maySend(visited, now, tried)) {',
      to: 'if (false) {',
    });
    assertSome(failures, /^stay-with-one\.zoe-stays: .*does not heed her cookie/);
    // Who is sent about at random may press as often as who stays: then no diagnosis fits this one.
    assertSome(failures, /^stay-with-one\.v2-is-liked: /);
  });

  it('whose cookies lead to a bad machine for ever fails ab-test', async () => {
    const failures = await failuresOf('ab-test', 'ends-by-itself', {
      file: 'balancing/backend-set.js',
      from: 'return admits(backend.breaker, now) && !tried.includes(backend);',
      to: 'return !tried.includes(backend);',
    });
    assertSome(failures, /^ends-by-itself\.zoe-moves-on: .*cookie counts more/);
  });

  it('that gives its 503 page another status fails circuit-breaker', async () => {
    const failures = await failuresOf('circuit-breaker', 'the-last-one', {
      file: 'http1/own-answers.js',
      from: 'template.status} ',
      to: 'template.status === 503 ? 200 : template.status} ',
    });
    assertSome(failures, /the-last-one.*(503.*200|200.*503)/);
  });

  it('that asks no second machine fails circuit-breaker', async () => {
    const failures = await failuresOf('circuit-breaker', 'pull-their-plugs', {
      file: 'net/upstream/backend-search.js',
      from: 'const backend = this.choose(cluster, now, tried);',
      to: 'const backend = tried.length > 0 ? undefined : this.choose(cluster, now, tried);',
    });
    assertSome(failures, /^pull-their-plugs\.nothing-lost: .*had to try the next machine/);
  });

  it('whose breakers never close fails circuit-breaker', async () => {
    const failures = await failuresOf('circuit-breaker', 'everybody-is-back', {
      file: 'balancing/circuit-breaker.js',
      from: "return breaker.state === 'closed' && breaker.failures === 0 ? breaker : CLOSED;",
      to: "return event === 'succeeded' && breaker.state !== 'closed' ? breaker : CLOSED;",
    });
    assertSome(failures, /webapp\d was given a trial, and its breaker does not close/);
  });

  it('that cuts off what an old worker has fails never-restart', async () => {
    const failures = await failuresOf('never-restart', 'new-workers', {
      file: 'master/workers/worker-pool.js',
      from: 'return old.drain(deadlineMs, true);',
      to: 'return old.drain(0, true);',
    });
    assertSome(failures, /new-workers\.nothing-lost: .*old processes did not finish what they had/);
  });

  it('that tells new workers nothing of dead machines fails never-restart', async () => {
    const failures = await failuresOf('never-restart', 'new-main-process', {
      file: 'master/workers/bring-up.js',
      from: 'worker.tellBreaker(news);',
      to: 'void news;',
    });
    assertSome(failures, /new-main-process\.(nobody-tried-webapp2|breaker-is-kept)/);
  });

  it('whose reload removes nothing fails hot-reconfigure', async () => {
    const failures = await failuresOf('hot-reconfigure', 'back-to-the-file', {
      file: 'state/reload-plan.js',
      from: 'const target = stateOfParts([...wanted.values(), ...(prune ? [] : absent)]);',
      to: 'const target = stateOfParts([...wanted.values(), ...absent]);',
    });
    assertSome(failures, /^back-to-the-file\.as-the-file-has-it: .*webapp3 is still there/);
  });

  it('that counts no connections of an address fails limits', async () => {
    const failures = await failuresOf('limits', 'one-greedy-address', {
      file: 'net/admission/admission.js',
      from: 'isRequest ? limits.maxRequests : limits.maxConnectionsPerIp;',
      to: 'isRequest ? limits.maxRequests : 0;',
    });
    assertSome(failures, /^one-greedy-address\.mallory-is-turned-away: .*no limit per address/);
  });

  it('that counts no error pages fails failure-kinds', async () => {
    const failures = await failuresOf('failure-kinds', 'count-errors', {
      file: 'net/upstream/backend-outcomes.js',
      from: 'if (share === undefined)',
      to: 'if (share !== null)',
    });
    assertSome(failures, /^count-errors\.webapp3-open: .*still counts no error pages/);
  });

  it('that takes every sick machine for healthy fails health-probe', async () => {
    const failures = await failuresOf('health-probe', 'ask-them', {
      file: 'health/health-state.js',
      from: 'return against < threshold ? { healthy, against } : { healthy: !healthy, against: 0 };',
      to: 'return { healthy, against };',
    });
    assertSome(failures, /^ask-them\.out: webapp2: .* healthy\..*counted out/);
  });

  it('that lets in whoever fails its checks fails rolling-update', async () => {
    const failures = await failuresOf('rolling-update', 'bad-build', {
      file: 'master/answers/prove-health.js',
      from: 'if (end.proved)',
      to: 'if (end.proved || true)',
    });
    assertSome(failures, /^bad-build\.stopped: webapp3: .* ready, .*before its health was known/);
  });

  it('that prefers a star to a name fails virtual-hosts', async () => {
    const failures = await failuresOf('virtual-hosts', 'star', {
      file: 'routing/host-tree.js',
      from: 'const exact = this.exact.get(hostname);',
      to: 'const exact = this.wildcards.size > 0 ? undefined : this.exact.get(hostname);',
    });
    assertSome(failures, /^star\.exact-name-wins: bob #\d+: 200 · shop\. The star took Bob/);
  });

  it('that does not solve the riddle of an attack fails shield', async () => {
    const failures = await failuresOf('shield', 'stopped', {
      file: 'routing/log4shell.js',
      from: 'let rest = text;',
      to: String.raw`let rest = text; if (!/\$\{jndi:/.test(text)) return false;`,
    });
    assertSome(failures, /^stopped\.oscar-refused: .* A pattern for the plain text/);
    assertSome(failures, /^stopped\.log-clean: \d+ of \d+ lines of shop have evil\.invalid/);
  });

  it('that goes on with no trace fails trace', async () => {
    const failures = await failuresOf('trace', 'one-trace', {
      file: 'http1/trace-context.js',
      from: 'return isTraceparent(head.bytes, start, length) ? start : -1;',
      to: 'void isTraceparent; return -1;',
    });
    assertSome(failures, /^one-trace\.same-trace: .*inner proxy does not go on with it/);
  });
});
