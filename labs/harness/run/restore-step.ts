/**
 * Goes to the start of a step from wherever a learner is: a fresh proxy, the machines as the steps
 * before have left them, and those steps' changes of the proxy once more. It takes what differs,
 * not what was done.
 */
import { isDeepStrictEqual } from 'node:util';
import type { MachineStatus } from '../../../vms/machine.ts';
import type { Room } from '../../../vms/provider.ts';
import { type Action, leavesNothing, startsOver } from '../actions.ts';
import { LabError } from '../errors.ts';
import type { Lab } from '../lab.ts';
import { isDown, type MachineGoal, worldBefore } from '../world.ts';
import type { OpenStage } from './lab-parts.ts';
import { recordMachines } from './machine-records.ts';
import { recordProxy } from './observe-proxy.ts';
import type { Recorder } from './recorder.ts';
import { runAction } from './run-action.ts';

/** Whoever asks for pages meanwhile sees a proxy that is away: let the visitors rest. */
export async function restoreStep(
  lab: Lab,
  stepId: string,
  stage: OpenStage,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<void> {
  const { machines } = worldBefore(lab, stepId);
  await Promise.all([stage.restartProxy(signal), restoreMachines(machines, stage, signal)]);
  await recordMachines(stage.room, recorder);
  for (const action of proxyActionsBefore(lab, stepId)) {
    await runAction(action, stage, recorder, signal);
  }
  // What changes from here on is compared with this proxy, not with the one that was ended.
  await recordProxy(stage.proxy, recorder);
}

/** What earlier steps have changed in the proxy; the machines are restored from their goals. */
function proxyActionsBefore(lab: Lab, stepId: string): readonly Action[] {
  const index = lab.steps.findIndex(({ id }) => id === stepId);
  const actions = lab.steps.slice(0, Math.max(index, 0)).flatMap(({ act }) => act);
  return actions
    .slice(actions.findLastIndex(startsOver) + 1)
    .filter(action => !leavesNothing(action) && !action.kind.startsWith('machine-'));
}

export async function restoreMachines(
  goals: ReadonlyMap<string, MachineGoal>,
  stage: Pick<OpenStage, 'room' | 'machines'>,
  signal: AbortSignal,
): Promise<void> {
  const statuses = new Map((await stage.room.status()).map(status => [status.name, status]));
  await Promise.all(
    [...goals].map(([name, goal]) => restoreMachine(name, goal, statuses.get(name), stage, signal)),
  );
}

async function restoreMachine(
  name: string,
  goal: MachineGoal,
  status: MachineStatus | undefined,
  { room, machines }: Pick<OpenStage, 'room' | 'machines'>,
  signal: AbortSignal,
): Promise<void> {
  if (goal.state === 'not-created') {
    if (status !== undefined && status.state !== 'not-created') await room.destroy(name);
    return;
  }
  if (status !== undefined && isAsWanted(goal, status)) return;
  const spec = machines.get(name);
  if (spec === undefined) throw new LabError('LAB_DEFINITION', `there is no machine "${name}"`);
  const app = { ...spec.app, version: goal.version };
  await revive(room, { ...spec, app }, status, signal);
  if (status?.knobs !== undefined) await room.knobs(name, 'reset');
  const tell = async (): Promise<void> => {
    if (goal.knobs !== undefined) await room.knobs(name, goal.knobs);
  };
  // A failure turns knobs of its own; a dead app takes no orders.
  if (isDown(goal)) await tell();
  for (const failure of goal.failures) await room.fail(name, failure);
  if (!isDown(goal)) await tell();
  if (goal.state === 'poweroff' && goal.failures.length === 0) await room.halt(name);
}

function isAsWanted(goal: MachineGoal, status: MachineStatus): boolean {
  const isAlive = status.appRunning || goal.failures.length > 0;
  return (
    status.state === goal.state &&
    isAlive &&
    status.version === goal.version &&
    (isDown(goal) || isDeepStrictEqual(status.knobs ?? {}, goal.knobs ?? {})) &&
    [...status.failures].sort().join() === [...goal.failures].sort().join()
  );
}

async function revive(
  room: Room,
  spec: Parameters<Room['up']>[0],
  status: MachineStatus | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (status !== undefined && status.failures.length > 0) await room.heal(spec.name, signal);
  await room.up(spec, signal);
}
