/** How long ten thousand clusters take, from a file to workers that serve. */
import { now } from '../../bench/load/pacer.ts';
import { thousands, type Verdict, verdict } from '../../bench/result.ts';
import type { ChaosProxy } from '../proxy.ts';
import { milliseconds, most, type NumbersRun, withProxy } from './numbers-run.ts';

const CLUSTERS = 10_000;
const MOST_MS = 2_000;
const ROUNDS = 3;
const BACKENDS = ['127.0.0.1:9', '127.0.0.2:9', '127.0.0.3:9'];

export async function measureManyClusters(run: NumbersRun): Promise<readonly Verdict[]> {
  const starts: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await withProxy(run, { b0: '127.0.0.1:9' }, async proxy => {
      await proxy.writeConfig(manyClusters(proxy));
      const startedAt = now();
      await proxy.start();
      starts.push(now() - startedAt);
    });
  }
  return [judged('relais start', starts)];
}

function manyClusters({ listener }: ChaosProxy): string {
  const backends = BACKENDS.map(address => `{ address = "${address}" }`).join(', ');
  return Array.from(
    { length: CLUSTERS },
    (_, n) => `[clusters.c${n}]
protocol = "http"
frontends = [{ address = "${listener}", hostname = "c${n}.test" }]
backends = [${backends}]
`,
  ).join('');
}

function judged(how: string, times: readonly number[]): Verdict {
  return verdict(
    `${how} with ${thousands(CLUSTERS)} clusters of ${BACKENDS.length} backends within ${MOST_MS / 1000} s`,
    most(times),
    value => value <= MOST_MS,
    value => `${milliseconds(value)}, the longest of ${times.length}`,
  );
}
