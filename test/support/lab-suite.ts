/** Every lab of the catalogue passes on this kind of machines; one test file per kind runs it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { catalogue } from '../../labs/catalogue/catalogue.ts';
import type { HistoryRecord } from '../../labs/harness/history.ts';
import { recheck } from '../../labs/harness/judge/recheck.ts';
import type { Lab } from '../../labs/harness/lab.ts';
import type { RunResult } from '../../labs/harness/result.ts';
import { resultSchema } from '../../labs/report/result-schema.ts';
import type { ProviderName } from '../../vms/provider.ts';
import { providerNamed } from '../../vms/registry.ts';
import { type Ending, LabHome } from './lab-command.ts';
import { whatLabsShow } from './what-labs-show.ts';

/**
 * Pages look the same on every kind of machines: one kind shows those of all labs, and these kinds
 * those of the labs that are about what a browser sees.
 */
const PAGES_OF: Partial<Record<ProviderName, readonly string[]>> = {
  process: ['load-balance', 'circuit-breaker', 'blue-green'],
};

/** So many labs at a time: they are waiting most of the time. All labs, or those that are named. */
export function labSuite(
  machines: ProviderName,
  concurrency: number,
  ids: readonly string[] = catalogue.map(({ id }) => id),
): void {
  describe(`labs on ${machines} machines`, { concurrency }, async () => {
    const readiness = await providerNamed(machines).probe();
    const skip = readiness.ready ? false : `${readiness.reason}. ${readiness.fix}`;

    for (const lab of catalogue.filter(({ id }) => ids.includes(id))) {
      it(lab.id, { skip }, () => LabHome.use(home => passes(lab, machines, home)));
    }
  });
}

async function passes(lab: Lab, machines: ProviderName, home: LabHome): Promise<void> {
  const seen = PAGES_OF[machines]?.includes(lab.id) ?? true;
  const ending = await home.run([
    ...['run', lab.id, '--machines', machines],
    ...(seen ? [] : ['--no-browser']),
  ]);
  await home.assertNothingLeft();
  assert.equal(ending.code, 0, told(ending));
  const result = home.latestResult();
  const folder = path.join(home.folder, 'runs/latest');
  const history = historyIn(folder);
  assert.equal(result.verdict.kind, 'pass');
  assert.equal(result.browser.found, seen);
  assert.deepEqual(resultSchema.parse(result), result);
  assertRecheckAgrees(lab, result, history);
  whatLabsShow[lab.id]?.({ result, history, folder, machines });
}

function told({ code, stdout, stderr }: Ending): string {
  return `exit ${code}\n${stdout}\n${stderr}`;
}

function historyIn(folder: string): readonly HistoryRecord[] {
  const text = readFileSync(path.join(folder, 'history.ndjson'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as HistoryRecord);
}

/** The verdicts given live and those read from the written history are the same. */
function assertRecheckAgrees(lab: Lab, result: RunResult, history: readonly HistoryRecord[]): void {
  const again = recheck(lab, result, history);
  for (const { step, check, verdict, recorded } of again.cases) {
    assert.equal(verdict.kind, recorded.kind, `${step}.${check}: ${verdict.because}`);
  }
  assert.equal(
    again.cases.length,
    result.steps.reduce((sum, { checks }) => sum + checks.length, 0),
  );
  assert.equal(again.verdict.kind, result.verdict.kind);
}
