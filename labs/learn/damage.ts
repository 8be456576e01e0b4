/**
 * What is broken although the step does not ask for it: a learner who takes a wrong machine down
 * must not puzzle over a check that stays red.
 */
import type { Action } from '../harness/actions.ts';
import { CLUSTER } from '../harness/commands.ts';
import type { Lab, Step } from '../harness/lab.ts';
import { type Text, t } from '../harness/text.ts';
import { afterAction, type MachineGoal, type World, worldBefore } from '../harness/world.ts';
import type { ObservedProxy, ObservedWorld } from './observed-world.ts';

export interface DamageRequest {
  readonly lab: Lab;
  readonly step: Step;
  /** When the step began. */
  readonly before: ObservedWorld;
  readonly now: ObservedWorld;
  readonly addressOf: (machine: string) => string;
}

/** Each with the command that mends it. */
export function damages(request: DamageRequest): readonly Text[] {
  const { lab, step } = request;
  const worlds = worldsOf(lab, step);
  return Object.keys(lab.machines).flatMap(name => {
    if (isMeant(step, name)) return [];
    return [...machineDamage(request, worlds, name), ...backendDamage(request, worlds, name)];
  });
}

/** How the world may be while the step is done: before it, after each of its actions, after all. */
function worldsOf(lab: Lab, step: Step): readonly World[] {
  let world = worldBefore(lab, step.id);
  const worlds = [world];
  for (const action of step.act) {
    world = afterAction(world, action);
    worlds.push(world);
  }
  return worlds;
}

/** Lines of a shell may do anything to the machines that they name. */
function isMeant({ act }: Step, machine: string): boolean {
  return act.some(action => 'words' in action && names(action, machine));
}

function names(action: Extract<Action, { words: unknown }>, machine: string): boolean {
  return action.words.some(word =>
    typeof word === 'string' ? word.split(/[\s=]/).includes(machine) : word.addressOf === machine,
  );
}

function machineDamage(
  { now }: DamageRequest,
  worlds: readonly World[],
  name: string,
): readonly Text[] {
  const goals = worlds.flatMap(world => world.machines.get(name) ?? []);
  const is = now.machines.get(name);
  if (is === undefined || isSound(is) || goals.some(goal => isAs(goal, is))) return [];
  if (goals.some(({ state }) => state === 'not-created')) return [];
  const how = is.failures.join(', ') || is.state;
  const mend = is.state === 'not-created' ? `lab up ${name}` : `lab heal ${name}`;
  return [
    t(
      `${name} is not as this step wants it (${how}). To mend it: ${mend}`,
      `${name} n’est pas comme cette étape la veut (${how}). Pour réparer : ${mend}`,
    ),
  ];
}

function isSound({ state, failures }: MachineGoal): boolean {
  return state === 'running' && failures.length === 0;
}

function isAs(goal: MachineGoal, is: MachineGoal): boolean {
  const failures = (one: MachineGoal): string => [...one.failures].sort().join();
  return goal.state === is.state && failures(goal) === failures(is);
}

/** Only of backends that were there when the step began: what a reload has brought is told by nobody. */
function backendDamage(
  { step, before, now, addressOf }: DamageRequest,
  worlds: readonly World[],
  name: string,
): readonly Text[] {
  if (step.act.some(changesEverything)) return [];
  if (worlds.some(({ backends }) => !backends.has(name))) return [];
  const address = addressOf(name);
  if (!has(before.proxy, address) || now.proxy === undefined || has(now.proxy, address)) return [];
  const mend = `relais backend add --id ${CLUSTER} --address ${address}`;
  return [
    t(
      `The proxy no longer knows ${name}, and this step does not ask for that. To mend it: ${mend}`,
      `Le proxy ne connaît plus ${name}, et cette étape ne le demande pas. Pour réparer : ${mend}`,
    ),
  ];
}

/** A shell, or a word of the proxy that replaces its configuration, leaves nothing to compare. */
function changesEverything(action: Action): boolean {
  if (action.kind === 'shell') return true;
  if (action.kind !== 'relais') return false;
  const wide = ['reload', 'state', 'cluster', 'replace', 'batch'];
  return action.words.some(word => typeof word === 'string' && wide.includes(word));
}

function has(proxy: ObservedProxy | undefined, address: string): boolean {
  return proxy?.backends.some(backend => backend.address === address) ?? false;
}
