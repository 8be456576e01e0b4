/** How long ten thousand clusters take, from a file to workers that serve. */
import path from 'node:path';
import { now } from '../../bench/load/pacer.ts';
import { thousands, type Verdict, verdict } from '../../bench/result.ts';
import type { ChaosProxy } from '../proxy.ts';
import { milliseconds, most, type NumbersRun, withProxy } from './numbers-run.ts';

const CLUSTERS = 10_000;
const MOST_MS = 2_000;
const ROUNDS = 3;
const BACKENDS = ['127.0.0.1:9', '127.0.0.2:9', '127.0.0.3:9'];

export async function measureManyClusters(run: NumbersRun): Promise<readonly Verdict[]> {
  const rounds: Times[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await withProxy(run, { b0: '127.0.0.1:9' }, measureRound));
  }
  return [
    judged(
      'a start',
      rounds.map(({ start }) => start),
    ),
    judged(
      'a saved state',
      rounds.map(({ load }) => load),
    ),
    judged(
      'a reload',
      rounds.map(({ reload }) => reload),
    ),
  ];
}

/** Milliseconds. */
interface Times {
  readonly start: number;
  readonly load: number;
  readonly reload: number;
}

/** With all of them, saved, then none of them, loaded, none, and reloaded. */
async function measureRound(proxy: ChaosProxy): Promise<Times> {
  const timed = async (action: () => Promise<void>): Promise<number> => {
    const startedAt = now();
    await action();
    return now() - startedAt;
  };
  const withoutAny = async (): Promise<void> => {
    await proxy.writeConfig();
    await proxy.change({ kind: 'reload', prune: true });
  };
  await proxy.writeConfig(manyClusters(proxy));
  const start = await timed(() => proxy.start());
  const file = path.join(proxy.folder, 'saved');
  await proxy.change({ kind: 'save-state', file });
  await withoutAny();
  const load = await timed(() => proxy.change({ kind: 'load-state', file }));
  await withoutAny();
  await proxy.writeConfig(manyClusters(proxy));
  const reload = await timed(() => proxy.change({ kind: 'reload' }));
  return { start, load, reload };
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
    `${how} of ${thousands(CLUSTERS)} clusters with ${BACKENDS.length} backends within ${MOST_MS / 1000} s`,
    most(times),
    value => value <= MOST_MS,
    value => `${milliseconds(value)}, the longest of ${times.length}`,
  );
}
