/** Are the proxy's processes those that the step began with, or new ones? */
import type { ProxyRecord } from '../history.ts';
import { type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

type Pids = Pick<ProxyRecord, 'mainPid' | 'workerPids'>;

export function judgeProcesses(
  evidence: Evidence,
  are: 'the-same' | 'new-workers' | 'all-new',
): Judgement {
  const samples = recordsOf(evidence, 'proxy', 0);
  const before = samples.findLast(({ at }) => at <= evidence.stepStartedAt) ?? samples[0];
  const now = samples.at(-1);
  if (before === undefined || now === undefined || now.at < evidence.actedAt) {
    return judgement(
      'unknown',
      'no recent sign of the proxy',
      'pas de nouvelles récentes du proxy',
    );
  }
  const [from, to] = [described(before), described(now)];
  return judgement(
    compared(before, now) === are ? 'pass' : 'fail',
    from === to ? `still ${from}` : `${from} → ${to}`,
    from === to ? `toujours ${from}` : `${from} → ${to}`,
    [now],
  );
}

function described({ mainPid, workerPids }: Pids): string {
  return `${mainPid} [${[...workerPids].sort((a, b) => a - b).join(', ')}]`;
}

function compared(before: Pids, now: Pids): 'the-same' | 'new-workers' | 'all-new' | 'mixed' {
  if (described(before) === described(now)) return 'the-same';
  if (now.workerPids.some(pid => before.workerPids.includes(pid))) return 'mixed';
  return now.mainPid === before.mainPid ? 'new-workers' : 'all-new';
}
