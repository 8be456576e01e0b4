import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';

const program = path.resolve(import.meta.dirname, '../../../scripts/bench.js');
const folder = mkdtempSync(path.join(tmpdir(), 'relais-bench-test-'));

interface Run {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
}

function bench(...args: string[]): Run {
  const env = { ...process.env, TMPDIR: folder, NO_COLOR: '1' };
  const child = spawn(process.execPath, [program, ...args], { env });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, stdout: () => text.stdout, stderr: () => text.stderr, exited };
}

const absent = ['wrk', 'nginx'].filter(tool => spawnSync(tool, ['-v']).error !== undefined);
const skip = absent.length > 0 && `needs ${absent.join(' and ')}`;

describe('bench', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses wrong flags with 2', async () => {
    for (const [flags, message] of [
      [['--round', '1'], /unknown option '--round'\n.*--rounds/],
      [['--rounds', '0'], /whole number from 1 to 100/],
      [['--peers', 'squid'], /no peer "squid": there are relais, haproxy, nginx/],
      [['--scenario', 'speed'], /no scenario "speed": there are throughput, latency/],
    ] as const) {
      const run = bench(...flags);
      assert.equal(await run.exited, 2, run.stderr());
      assert.match(run.stderr(), message);
    }
  });

  it('lists the scenarios', async () => {
    const run = bench('--list');
    assert.equal(await run.exited, 0, run.stderr());
    assert.match(run.stdout(), /^throughput .+\nlatency .+\n/);
  });

  it('measures, says so as JSON, and leaves nothing', { skip }, async () => {
    const run = bench(
      ...['--json=-', '--rounds=1', '--seconds=1', '--connections=4', '--sizes=100'],
      '--peers=relais,http-proxy',
    );
    assert.equal(await run.exited, 0, run.stderr());
    const [{ figures, verdicts }] = JSON.parse(run.stdout()).results;
    assert.deepEqual(
      figures.map((round: { peer: string }) => round.peer),
      ['relais', 'http-proxy'],
    );
    for (const round of figures) {
      assert.ok(round.requestsPerSecond > 10, run.stdout());
      assert.equal(round.invalid, undefined);
      if (process.platform === 'linux') assert.ok(round.cpuMicrosPerRequest > 1, run.stdout());
    }
    const [besideHaproxy, , besideHttpProxy] = verdicts;
    assert.deepEqual([besideHaproxy.measured, besideHaproxy.held], [undefined, false]);
    assert.ok(Number(besideHttpProxy.measured) > 0, run.stdout());
    assert.deepEqual(readdirSync(folder), []);
  });

  it('--assert fails when a promise was not even measured', { skip }, async () => {
    const run = bench('--assert', '--rounds=1', '--seconds=1', '--sizes=100', '--peers=nginx');
    assert.equal(await run.exited, 1, run.stderr());
    assert.match(run.stdout(), /≥ 1 × haproxy: not measured/);
  });

  it('Ctrl-C, even twice, leaves nothing and exits 130', { skip }, async () => {
    const run = bench('--rounds=3', '--seconds=30', '--sizes=100', '--peers=relais');
    await eventually('the first round', () => run.stderr().includes('round 1 of 3'));
    run.child.kill('SIGINT');
    run.child.kill('SIGINT');
    assert.equal(await run.exited, 130, run.stderr());
    assert.deepEqual(readdirSync(folder), []);
  });
});
