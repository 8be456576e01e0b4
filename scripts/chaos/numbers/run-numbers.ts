/** The figures that the control plane promises, measured one after another. */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { createCrew } from '../../bench/crew.ts';
import { verdictLine } from '../../bench/report.ts';
import type { Verdict } from '../../bench/result.ts';
import type { ChaosOptions } from '../options.ts';
import { measureChangeLatency } from './change-latency.ts';
import { measureChangeRate } from './change-rate.ts';
import { measureManyClusters } from './many-clusters.ts';
import type { Measure, NumbersRun } from './numbers-run.ts';
import { measureRecovery } from './recovery.ts';

const measures: readonly (readonly [about: string, measure: Measure])[] = [
  ['changes under load', measureChangeLatency],
  ['changes per second', measureChangeRate],
  ['many clusters', measureManyClusters],
  ['recovery', measureRecovery],
];

/** Resolves with the exit code. */
export async function runNumbers(options: ChaosOptions, interrupted: AbortSignal): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-numbers-'));
  const crew = createCrew();
  const dismiss = (): void => void crew.dismiss();
  interrupted.addEventListener('abort', dismiss);
  const say = (line: string): void => console.error(line);
  const run: NumbersRun = { ...options, crew, folder, say };
  const verdicts: Verdict[] = [];
  warnOfOtherLoad(say);
  try {
    for (const [about, measure] of measures) {
      interrupted.throwIfAborted();
      say(`measuring ${about}`);
      verdicts.push(...(await measure(run)));
    }
  } finally {
    await crew.dismiss();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(
    options.json ? JSON.stringify(verdicts, null, 2) : verdicts.map(verdictLine).join('\n'),
  );
  return verdicts.every(({ held }) => held) ? 0 : 1;
}

function warnOfOtherLoad(say: (line: string) => void): void {
  const [lastMinute = 0] = loadavg();
  const cores = availableParallelism();
  if (lastMinute < cores / 4) return;
  say(
    `The computer is busy (load ${lastMinute.toFixed(1)} on ${cores} cores): times will be long.`,
  );
}
