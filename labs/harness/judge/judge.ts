/** The verdict of a probe over the history: pure, and the same whenever it is given again. */
import { messageOf } from '../errors.ts';
import type { HistoryRecord } from '../history.ts';
import type { Probe } from '../probes.ts';
import type { Verdict } from '../verdict.ts';
import { judgeAddressMistake, judgeBackends } from './backends.ts';
import { judgeBreaker } from './breaker.ts';
import { judgeConnect } from './connect.ts';
import { judgeDirect } from './direct.ts';
import type { Evidence, JudgeContext, Judgement } from './evidence.ts';
import { judgeNoFailedRequest } from './no-failed-request.ts';
import { judgePage, judgePagesDiffer } from './pages.ts';
import { judgeProxyNeverRestarted } from './proxy-never-restarted.ts';
import { judgeServed } from './served.ts';
import { judgeStatus } from './status.ts';

function judgementOf(probe: Probe, evidence: Evidence): Judgement {
  switch (probe.kind) {
    case 'served':
      return judgeServed(evidence, probe.by, probe.machines);
    case 'status':
      return judgeStatus(evidence, probe.code);
    case 'no-failed-request':
      return judgeNoFailedRequest(evidence);
    case 'breaker':
      return judgeBreaker(evidence, probe.state, probe.machine);
    case 'backends':
      return judgeBackends(evidence, probe.machines);
    case 'connect':
      return judgeConnect(evidence, probe.machine, probe.outcomes);
    case 'proxy-never-restarted':
      return judgeProxyNeverRestarted(evidence);
    case 'direct':
      return judgeDirect(evidence, probe.machine);
    case 'pages-differ':
      return judgePagesDiffer(evidence, probe.atLeast);
    case 'page':
      return judgePage(evidence, probe);
    case 'address-mistake':
      return judgeAddressMistake(evidence);
  }
}

/** Never throws: a check that crashes is `unknown`. */
export function judge(
  probe: Probe,
  records: readonly HistoryRecord[],
  context: JudgeContext,
): Verdict {
  try {
    const { kind, because } = judgementOf(probe, { ...context, records });
    return { kind, because: because[context.language] };
  } catch (error) {
    return { kind: 'unknown', because: `the check crashed: ${messageOf(error)}` };
  }
}
