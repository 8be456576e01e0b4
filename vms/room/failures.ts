/** What each failure does to a running machine, and how it ends. Power-off is the room's. */
import { MachineError } from '../errors.ts';
import type { MachineRecord } from '../lease.ts';
import type { FailureVerb } from '../machine.ts';
import { groupOf, killAll } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity, signalProcess } from '../programs/process-identity.ts';
import type { FailureOptions } from '../provider.ts';
import type { Fabric } from './fabric.ts';
import { type Knobs, setKnobs } from './knobs.ts';

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
      if (isAlive(record.app)) await killAll(groupOf(record.app));
      return [...others.filter(it => it === 'blackhole' && fabric.blackholeOutlivesApp), how];
    case 'blackhole':
      await fabric.swallow(record);
      return [...others, how];
    case 'freeze':
      signalGroup(livingApp(record), 'SIGSTOP');
      return [...others, how];
    case 'slow':
    case 'error':
      await turnKnob(record, faultKnobs(how, options));
      return [...others, how];
  }
}

/** Ends all failures of a machine that is on; a dead app is left for the room to start. */
export async function liftFailures(fabric: Fabric, record: MachineRecord): Promise<void> {
  await fabric.unswallow(record);
  if (!isAlive(record.app)) return;
  signalGroup(record.app, 'SIGCONT');
  if (record.failures.includes('slow') || record.failures.includes('error')) {
    await setKnobs(record, { delayMs: 0, errorRate: 0 });
  }
}

function faultKnobs(how: 'slow' | 'error', options: FailureOptions): Knobs {
  return how === 'slow'
    ? { delayMs: options.delayMs ?? SLOW_MS }
    : { errorRate: options.rate ?? 1 };
}

async function turnKnob(record: MachineRecord, knobs: Knobs): Promise<void> {
  livingApp(record);
  if (record.failures.includes('freeze')) {
    throw new MachineError(
      'VM_NOT_RUNNING',
      `The app of ${record.spec.name} is frozen and cannot be told; heal ${record.spec.name} first.`,
    );
  }
  await setKnobs(record, knobs);
}

function livingApp(record: MachineRecord): ProcessIdentity {
  if (isAlive(record.app)) return record.app;
  throw new MachineError(
    'VM_NOT_RUNNING',
    `The app of ${record.spec.name} is not running; heal ${record.spec.name} first.`,
  );
}

function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): void {
  for (const member of groupOf(leader)) signalProcess(member, signal);
}
