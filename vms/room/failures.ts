/** What each failure does to a running machine, and how it ends. Power-off is the room's. */
import { MachineError } from '../errors.ts';
import type { MachineRecord } from '../lease.ts';
import type { FailureVerb, Knobs } from '../machine.ts';
import type { FailureOptions } from '../provider.ts';
import { isRunning } from './app-host.ts';
import type { Fabric } from './fabric.ts';
import { askKnobs, resetKnobs, setKnobs } from './knobs.ts';

const SLOW_MS = 2_000;

/** Makes the failure true and resolves with those then in force, oldest first. */
export async function imposeFailure(
  fabric: Fabric,
  record: MachineRecord,
  how: Exclude<FailureVerb, 'power-off'>,
  options: FailureOptions,
): Promise<readonly FailureVerb[]> {
  const others = record.failures.filter(failure => failure !== how);
  switch (how) {
    case 'crash':
      await fabric.apps.kill(record);
      return [...others.filter(it => it === 'blackhole' && fabric.blackholeOutlivesApp), how];
    case 'blackhole':
      await fabric.swallow(record);
      return [...others, how];
    case 'freeze':
      await mustRun(fabric, record);
      await fabric.apps.freeze(record);
      return [...others, how];
    case 'slow':
    case 'error':
      await turnKnob(fabric, record, faultKnobs(how, options));
      return [...others, how];
  }
}

/** Ends all failures of a machine that is on; a dead app is left for the room to start. */
export async function liftFailures(fabric: Fabric, record: MachineRecord): Promise<void> {
  await fabric.unswallow(record);
  await fabric.apps.thaw(record);
  if (!(await isRunning(fabric.apps, record))) return;
  const { failures, knobs = {} } = record;
  if (failures.includes('slow') || failures.includes('error')) {
    await setKnobs(record, { delayMs: 0, errorRate: 0 });
  }
  if (knobs['statusFailing'] === true) await setKnobs(record, { statusFailing: false });
}

function faultKnobs(how: 'slow' | 'error', options: FailureOptions): Knobs {
  return how === 'slow'
    ? { delayMs: options.delayMs ?? SLOW_MS }
    : { errorRate: options.rate ?? 1 };
}

const FAULTS = [
  ['slow', 'delayMs'],
  ['error', 'errorRate'],
] as const;

/** Does what `Room.knobs` promises; resolves with the knobs in force and the machine's new record. */
export async function turnKnobs(
  fabric: Fabric,
  record: MachineRecord,
  change: Knobs | 'reset' = {},
): Promise<{ readonly inForce: Knobs; readonly record: MachineRecord }> {
  await mustListen(fabric, record);
  if (record.failures.includes('blackhole') && !fabric.blackholeOutlivesApp) {
    throw unreachable(record);
  }
  if (change === 'reset') {
    const inForce = await resetKnobs(record);
    const failures = record.failures.filter(failure => failure !== 'slow' && failure !== 'error');
    return { inForce, record: { ...record, failures, knobs: {} } };
  }
  const isQuestion = Object.keys(change).length === 0;
  const inForce = await (isQuestion ? askKnobs(record) : setKnobs(record, change));
  let { failures } = record;
  for (const [failure, knob] of FAULTS) {
    const value = change[knob];
    if (value === undefined) continue;
    const others = failures.filter(it => it !== failure);
    failures = value === 0 ? others : [...others, failure];
  }
  return { inForce, record: { ...record, failures, knobs: { ...record.knobs, ...change } } };
}

/** The error for a machine that is on and yet out of reach. */
export function unreachable({ spec: { name } }: MachineRecord): MachineError {
  return new MachineError('VM_NOT_RUNNING', `${name} cannot be reached; heal ${name} first.`);
}

async function turnKnob(fabric: Fabric, record: MachineRecord, knobs: Knobs): Promise<void> {
  await mustListen(fabric, record);
  await setKnobs(record, knobs);
}

async function mustListen(fabric: Fabric, record: MachineRecord): Promise<void> {
  await mustRun(fabric, record);
  if (record.failures.includes('freeze')) {
    throw new MachineError(
      'VM_NOT_RUNNING',
      `The app of ${record.spec.name} is frozen and cannot be told; heal ${record.spec.name} first.`,
    );
  }
}

async function mustRun(fabric: Fabric, record: MachineRecord): Promise<void> {
  if (await isRunning(fabric.apps, record)) return;
  throw new MachineError(
    'VM_NOT_RUNNING',
    `The app of ${record.spec.name} is not running; heal ${record.spec.name} first.`,
  );
}
