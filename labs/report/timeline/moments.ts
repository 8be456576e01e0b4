/** What was done to the lab, and when: the vertical lines of the drawing. */
import type { ActionRecord, HistoryRecord, MachineRecord } from '../../harness/history.ts';

export interface Moment {
  readonly at: number;
  readonly what: string;
}

/** A machine's change is told after the action that made it; this long after, it is no own moment. */
const SETTLED_MS = 1_000;

/** Actions of the lab, and changes of machines that no action made (a learner typed them). */
export function momentsOf(history: readonly HistoryRecord[]): readonly Moment[] {
  const actions = history.filter(record => record.kind === 'action');
  const done = actions
    .filter(action => action.phase === 'start')
    .map(({ at, command }) => ({ at, what: command }));
  const seen = machineChanges(history).filter(({ at }) => !isWithinAction(at, actions));
  return [...done, ...seen].sort((a, b) => a.at - b.at);
}

function isWithinAction(at: number, actions: readonly ActionRecord[]): boolean {
  const before = actions.filter(action => action.at <= at).at(-1);
  if (before === undefined) return false;
  return before.phase === 'start' || at - before.at < SETTLED_MS;
}

function machineChanges(history: readonly HistoryRecord[]): readonly Moment[] {
  const last = new Map<string, string>();
  return history.flatMap(record => {
    if (record.kind !== 'machine') return [];
    const told = describe(record);
    const before = last.get(record.machine);
    last.set(record.machine, told);
    return before === undefined || before === told ? [] : { at: record.at, what: told };
  });
}

function describe(record: MachineRecord): string {
  return `${record.machine}: ${trouble(record) ?? 'running'}`;
}

/** A stretch in which a machine was away or failing. */
export interface Outage {
  readonly machine: string;
  readonly from: number;
  readonly to: number;
  /** The failure in force, or the state when it just is not there. */
  readonly label: string;
}

export function outagesOf(history: readonly HistoryRecord[], endMs: number): readonly Outage[] {
  const open = new Map<string, { from: number; label: string }>();
  const outages: Outage[] = [];
  const close = (machine: string, to: number): void => {
    const outage = open.get(machine);
    if (outage !== undefined) outages.push({ machine, to, ...outage });
    open.delete(machine);
  };
  for (const record of history) {
    if (record.kind !== 'machine') continue;
    const label = trouble(record);
    if (open.get(record.machine)?.label === label) continue;
    close(record.machine, record.at);
    if (label !== undefined) open.set(record.machine, { from: record.at, label });
  }
  for (const machine of [...open.keys()]) close(machine, endMs);
  return outages;
}

function trouble({ state, failures }: MachineRecord): string | undefined {
  if (failures.length > 0) return failures.join(' + ');
  return state === 'running' ? undefined : state;
}
