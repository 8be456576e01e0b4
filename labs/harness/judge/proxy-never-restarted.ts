/** Are main process and workers the ones that were there at the start? */
import { type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

export function judgeProxyNeverRestarted(evidence: Evidence): Judgement {
  const samples = recordsOf(evidence, 'proxy', evidence.stepStartedAt);
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at < evidence.actedAt) {
    return judgement(
      'unknown',
      'no recent sign of the proxy',
      'pas de nouvelles récentes du proxy',
    );
  }
  const identity = (sample: typeof first): string =>
    `${sample.mainPid} [${[...sample.workerPids].sort((a, b) => a - b).join(', ')}]`;
  const changed = samples.find(sample => identity(sample) !== identity(first));
  if (changed !== undefined) {
    const [before, after] = [identity(first), identity(changed)];
    return judgement(
      'fail',
      `processes were ${before}, then ${after}`,
      `les processus étaient ${before}, puis ${after}`,
    );
  }
  const pids = identity(first);
  return judgement('pass', `main process and workers: ${pids}`, `processus et workers : ${pids}`);
}
