/** What the run of a lab must show beside its green checks. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { HistoryRecord } from '../../labs/harness/history.ts';
import type { RunResult, StepResult } from '../../labs/harness/result.ts';
import type { ProviderName } from '../../vms/provider.ts';

export interface PassedRun {
  readonly result: RunResult;
  readonly history: readonly HistoryRecord[];
  readonly folder: string;
  readonly machines: ProviderName;
}

/** By id of the lab. */
export const whatLabsShow: Readonly<Record<string, (run: PassedRun) => void>> = {
  'load-balance': twoBrowsersTwoMachines,
  'find-the-bug': theCheckNamesTheSlip,
  'circuit-breaker': threeWaysToGo,
  'hot-reconfigure': thePlanHasEverySign,
  'blue-green': nothingFailed,
  canary: aFifth,
  'never-restart': softAndHardStops,
};

function twoBrowsersTwoMachines({ result, history, folder }: PassedRun): void {
  assert.equal(result.requests.failed, 0);
  const pages = history.filter(record => record.kind === 'page');
  const shots = pages.filter(({ shot }) => shot !== undefined);
  const latest = new Map(shots.map(page => [page.visitor, page.machine]));
  assert.equal(latest.size, 2);
  assert.equal(new Set(latest.values()).size, 2);
  for (const { file } of stepNamed(result, 'two-browsers').shots) {
    assert.ok(existsSync(path.join(folder, file)), file);
  }
  for (const file of ['report.html', 'junit.xml', 'history.ndjson', 'proxy/relais.toml']) {
    assert.ok(existsSync(path.join(folder, file)), file);
  }
}

function theCheckNamesTheSlip({ result, folder }: PassedRun): void {
  assert.equal(result.requests.failed, 0);
  const report = readFileSync(path.join(folder, 'report.html'), 'utf8');
  assert.match(report, /appears twice in cluster/);
  assert.match(report, /is expected but is a backend of no cluster/);
}

function threeWaysToGo({ result, history, folder, machines }: PassedRun): void {
  const connects = history.filter(record => record.kind === 'connect');
  const outcomes = connects.map(({ machine, outcome }) => `${machine} ${outcome}`);
  const isReal = machines === 'netns' || machines === 'docker';
  const expected = isReal
    ? ['webapp1 refused', 'webapp2 unreachable', 'webapp3 silent']
    : ['webapp1 refused', 'webapp2 silent', 'webapp3 silent'];
  assert.deepEqual(outcomes, expected);
  const imitated = isReal ? [] : ['blackhole', 'power-off'];
  assert.deepEqual(Object.keys(result.imitations).sort(), imitated);
  assert.match(reason(result, 'the-last-one', 'ouch'), /503 your application is in .* 😢 Ouch/);
  const report = readFileSync(path.join(folder, 'report.html'), 'utf8');
  assert.match(report, /Tried first: webapp\d /);
  assert.match(report, /Chosen: webapp1, the only one left to choose/);
  assert.match(report, /x-request-id: alice-\d/);
  assert.match(report, /access_logs_target/);
}

function thePlanHasEverySign({ result, folder }: PassedRun): void {
  assert.equal(result.requests.failed, 0);
  const report = readFileSync(path.join(folder, 'report.html'), 'utf8');
  for (const line of ['~ backend webapp1', '+ cluster shop', '- cluster shop', '= cluster shop']) {
    assert.ok(report.includes(line), line);
  }
}

function nothingFailed({ result }: PassedRun): void {
  assert.equal(result.requests.failed, 0);
  assert.ok(result.requests.total > 100, `only ${result.requests.total} requests`);
  assert.match(reason(result, 'throughout', 'nothing-lost'), /^0 failed requests of \d+$/);
}

function aFifth({ result }: PassedRun): void {
  assert.equal(result.requests.failed, 0);
  const [share] = stepNamed(result, 'one-in-five').checks;
  assert.match(share?.verdict.because ?? '', /^v2 had (?:1[89]|2[012])/);
}

function softAndHardStops({ result }: PassedRun): void {
  for (const step of ['new-workers', 'something-to-lose', 'new-main-process']) {
    assert.match(reason(result, step, 'nothing-lost'), /^0 failed requests of \d+$/);
  }
  const [softly] = stepNamed(result, 'soft-stop').checks;
  assert.match(softly?.verdict.because ?? '', /under way ended whole, none was cut/);
  const [hard] = stepNamed(result, 'hard-stop').checks;
  assert.match(hard?.verdict.because ?? '', /cut off, the first: nadia/);
}

function stepNamed(result: RunResult, id: string): StepResult {
  const found = result.steps.find(step => step.id === id);
  assert.ok(found, `no step ${id}`);
  return found;
}

function reason(result: RunResult, step: string, check: string): string {
  const found = stepNamed(result, step).checks.find(({ id }) => id === check);
  assert.ok(found, `no check ${check} in ${step}`);
  return found.verdict.because;
}
