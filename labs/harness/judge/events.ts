/** Has the proxy told an event often enough since the step began? */
import type { Probe } from '../probes.ts';
import { addressOf, type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

type EventProbe = Extract<Probe, { kind: 'event' }>;

export function judgeEvent(evidence: Evidence, probe: EventProbe): Judgement {
  const { event: kind, machine, atLeast } = probe;
  const address = machine === undefined ? undefined : addressOf(evidence, machine);
  const told = recordsOf(evidence, 'proxy-event', evidence.stepStartedAt).filter(
    ({ event }) => event.kind === kind && (machine === undefined || event.address === address),
  );
  const about = machine === undefined ? kind : `${kind} (${machine})`;
  const count = told.length;
  return judgement(
    count >= atLeast ? 'pass' : 'fail',
    `the proxy told ${about} ${count} ${count === 1 ? 'time' : 'times'}`,
    `le proxy a dit ${about} ${count} fois`,
    told.slice(-4),
  );
}
