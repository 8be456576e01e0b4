/** What every kind of machines must show in the three labs; one test file per kind runs it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { catalogue } from '../../labs/catalogue/catalogue.ts';
import type { HistoryRecord } from '../../labs/harness/history.ts';
import { recheck } from '../../labs/harness/judge/recheck.ts';
import type { RunResult, StepResult } from '../../labs/harness/result.ts';
import type { ProviderName } from '../../vms/provider.ts';
import { providerNamed } from '../../vms/registry.ts';
import { type Ending, LabHome } from './lab-command.ts';

export function labSuite(machines: ProviderName, instance: number): void {
  describe(`labs on ${machines} machines`, async () => {
    const home = new LabHome(instance);
    const readiness = await providerNamed(machines).probe();
    const skip = readiness.ready ? false : `${readiness.reason}. ${readiness.fix}`;
    after(() => home.remove());

    async function passed(lab: string): Promise<RunResult> {
      const ending = await home.run(['run', lab, '--machines', machines]);
      await home.assertNothingLeft();
      assert.equal(ending.code, 0, told(ending));
      const result = home.latestResult();
      assert.equal(result.verdict.kind, 'pass');
      assert.equal(result.browser.found, true);
      assertRecheckAgrees(home.folder, result);
      return result;
    }

    it('load-balance: two browsers, two machines', { skip }, async () => {
      const result = await passed('load-balance');
      assert.equal(result.requests.failed, 0);
      const pages = historyOf(home.folder).filter(record => record.kind === 'page');
      const shots = pages.filter(({ shot }) => shot !== undefined);
      const latest = new Map(shots.map(page => [page.visitor, page.machine]));
      assert.equal(latest.size, 2);
      assert.equal(new Set(latest.values()).size, 2);
      for (const { file } of stepNamed(result, 'two-browsers').shots) {
        assert.ok(existsSync(path.join(home.folder, 'runs/latest', file)), file);
      }
      for (const file of ['report.html', 'junit.xml', 'history.ndjson', 'proxy/relais.toml']) {
        assert.ok(existsSync(path.join(home.folder, 'runs/latest', file)), file);
      }
    });

    it('blue-green: no failed request, no request on v1 after it left', { skip }, async () => {
      const result = await passed('blue-green');
      assert.equal(result.requests.failed, 0);
      assert.ok(result.requests.total > 100, `only ${result.requests.total} requests`);
      assert.match(
        stepNamed(result, 'throughout').checks[0]?.verdict.because ?? '',
        /^0 failed requests of \d+$/,
      );
    });

    it('circuit-breaker: three ways to go, the 503 page, and back', { skip }, async () => {
      const result = await passed('circuit-breaker');
      const connects = historyOf(home.folder).filter(record => record.kind === 'connect');
      const outcomes = connects.map(({ machine, outcome }) => `${machine} ${outcome}`);
      const expected =
        machines === 'netns'
          ? ['webapp1 refused', 'webapp2 unreachable', 'webapp3 silent']
          : ['webapp1 refused', 'webapp2 silent', 'webapp3 silent'];
      assert.deepEqual(outcomes, expected);
      const imitated = machines === 'netns' ? [] : ['blackhole', 'power-off'];
      assert.deepEqual(Object.keys(result.imitations).sort(), imitated);
      const ouch = stepNamed(result, 'the-last-one').checks.find(({ id }) => id === 'ouch');
      assert.match(ouch?.verdict.because ?? '', /503 your application is in deployment · 😢 Ouch/);
    });
  });
}

function told({ code, stdout, stderr }: Ending): string {
  return `exit ${code}\n${stdout}\n${stderr}`;
}

function stepNamed(result: RunResult, id: string): StepResult {
  const found = result.steps.find(step => step.id === id);
  assert.ok(found, `no step ${id}`);
  return found;
}

function historyOf(home: string): readonly HistoryRecord[] {
  const text = readFileSync(path.join(home, 'runs/latest/history.ndjson'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as HistoryRecord);
}

/** The verdicts given live and those read from the written history are the same. */
function assertRecheckAgrees(home: string, result: RunResult): void {
  const lab = catalogue.find(({ id }) => id === result.lab);
  assert.ok(lab);
  const again = recheck(lab, result, historyOf(home));
  for (const { step, check, verdict } of again) {
    const live = stepNamed(result, step).checks.find(({ id }) => id === check)?.verdict.kind;
    assert.equal(verdict.kind, live, `${step}.${check}: ${verdict.because}`);
  }
  assert.ok(again.length > 0);
}
