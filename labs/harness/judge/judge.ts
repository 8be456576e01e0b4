/** The verdict of a probe over the history: pure, and the same whenever it is given again. */
import { messageOf } from '../errors.ts';
import type { HistoryRecord } from '../history.ts';
import type { Probe } from '../probes.ts';
import { MOST_DECIDING, type Verdict } from '../verdict.ts';
import { judgeAmplification } from './amplification.ts';
import { judgeAnswered, judgeSees, judgeSticky } from './answers.ts';
import { judgeBackend } from './backend.ts';
import { judgeAddressMistake, judgeBackends } from './backends.ts';
import { judgeBreaker } from './breaker.ts';
import { judgeClients, judgeMemory } from './clients.ts';
import { judgeConnect } from './connect.ts';
import { judgeCountdown } from './countdown.ts';
import { judgeDirect } from './direct.ts';
import { judgeEngagement } from './engagement.ts';
import { judgeEvent } from './events.ts';
import type { Evidence, JudgeContext, Judgement } from './evidence.ts';
import { judgeFile } from './file.ts';
import { judgeLogged, judgeLogTook, judgeNotLogged } from './logs.ts';
import { judgeMachine } from './machine.ts';
import { judgeNoFailedRequest } from './no-failed-request.ts';
import { judgePage, judgePagesDiffer } from './pages.ts';
import { judgeProcesses } from './processes.ts';
import { judgeProxyNeverRestarted } from './proxy-never-restarted.ts';
import { judgeSecondProxy } from './second-proxy.ts';
import { judgeServed } from './served.ts';
import { judgeShare } from './share.ts';
import { judgeStatus } from './status.ts';
import { judgeCut, judgeStopped } from './stopped.ts';
import { judgeTraced } from './traced.ts';
import { judgeWaited } from './waited.ts';

type Kind = Probe['kind'];
type Of = { readonly [K in Kind]: Extract<Probe, { kind: K }> };

const judges: { readonly [K in Kind]: (evidence: Evidence, probe: Of[K]) => Judgement } = {
  served: (evidence, { by, machines }) => judgeServed(evidence, by, machines),
  status: (evidence, { code }) => judgeStatus(evidence, code),
  'no-failed-request': judgeNoFailedRequest,
  breaker: (evidence, { state, machine }) => judgeBreaker(evidence, state, machine),
  backends: (evidence, { machines }) => judgeBackends(evidence, machines),
  connect: (evidence, { machine, outcomes }) => judgeConnect(evidence, machine, outcomes),
  'proxy-never-restarted': judgeProxyNeverRestarted,
  direct: (evidence, { machine }) => judgeDirect(evidence, machine),
  'pages-differ': (evidence, { atLeast }) => judgePagesDiffer(evidence, atLeast),
  page: judgePage,
  'second-proxy': judgeSecondProxy,
  'address-mistake': judgeAddressMistake,
  amplification: judgeAmplification,
  share: judgeShare,
  engagement: judgeEngagement,
  clients: judgeClients,
  memory: judgeMemory,
  machine: (evidence, { machine, look }) => judgeMachine(evidence, machine, look),
  backend: (evidence, { machine, look }) => judgeBackend(evidence, machine, look),
  countdown: (evidence, { machine, atLeast }) => judgeCountdown(evidence, machine, atLeast),
  event: judgeEvent,
  sees: judgeSees,
  sticky: judgeSticky,
  answered: judgeAnswered,
  waited: judgeWaited,
  logged: judgeLogged,
  'not-logged': judgeNotLogged,
  stopped: (evidence, { how }) => judgeStopped(evidence, how),
  cut: (evidence, { atLeast }) => judgeCut(evidence, atLeast),
  file: (evidence, { says }) => judgeFile(evidence, says),
  'log-took': judgeLogTook,
  traced: judgeTraced,
  processes: (evidence, { are }) => judgeProcesses(evidence, are),
};

function judgementOf<K extends Kind>(
  probe: { readonly kind: K } & Of[K],
  evidence: Evidence,
): Judgement {
  return judges[probe.kind](evidence, probe);
}

/** Never throws: a check that crashes is `unknown`. */
export function judge(
  probe: Probe,
  records: readonly HistoryRecord[],
  context: JudgeContext,
): Verdict {
  try {
    const { kind, because, decidedBy } = judgementOf(probe, { ...context, records });
    const told = { kind, because: because[context.language] };
    if (decidedBy === undefined) return told;
    return { ...told, decidedBy: decidedBy.slice(0, MOST_DECIDING) };
  } catch (error) {
    return { kind: 'unknown', because: `the check crashed: ${messageOf(error)}` };
  }
}
