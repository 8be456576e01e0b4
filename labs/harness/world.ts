/**
 * What a lab's machines and backends are at every point of its story, worked out from its actions
 * alone: the start of each step, and what a learner may have changed without being asked to.
 */
import type { FailureVerb, Knobs, MachineState } from '../../vms/machine.ts';
import type { Action } from './actions.ts';
import type { Lab } from './lab.ts';

export interface MachineGoal {
  readonly state: MachineState;
  readonly version: string;
  readonly failures: readonly FailureVerb[];
  /** What its running app was told; absent: nothing. */
  readonly knobs?: Knobs;
}

export interface World {
  readonly machines: ReadonlyMap<string, MachineGoal>;
  /** Machines that the cluster `webapp` has as backends. */
  readonly backends: ReadonlySet<string>;
}

/** The machines that are up when the first step begins. */
export function startingMachines(lab: Lab): readonly string[] {
  const others = Object.values(lab.proxy.clusters ?? {}).flatMap(({ backends }) => backends);
  const inFiles = [...lab.backends, ...others];
  const further = Object.entries(lab.machines).flatMap(([name, { up }]) => (up ? [name] : []));
  return [...new Set([...inFiles, ...further])];
}

export function worldAtStart(lab: Lab): World {
  const up = new Set(startingMachines(lab));
  const machines = Object.entries(lab.machines).map(([name, { app }]): [string, MachineGoal] => [
    name,
    { state: up.has(name) ? 'running' : 'not-created', version: app.version, failures: [] },
  ]);
  return { machines: new Map(machines), backends: new Set(lab.backends) };
}

/** The world in which this step begins: all actions before it have been done. */
export function worldBefore(lab: Lab, stepId: string): World {
  const index = lab.steps.findIndex(({ id }) => id === stepId);
  const actions = lab.steps.slice(0, Math.max(index, 0)).flatMap(({ act }) => act);
  return actions.reduce(afterAction, worldAtStart(lab));
}

export function afterAction(world: World, action: Action): World {
  switch (action.kind) {
    case 'machine-up':
      return action.machines.reduce((before, name) => change(before, name, revived), world);
    case 'machine-down':
      return change(world, action.machine, goal => failed(goal, action.how));
    case 'machine-heal':
      return change(world, action.machine, revived);
    case 'machine-deploy':
      return change(world, action.machine, goal => deployed(goal, action.version));
    case 'machine-knobs':
      return change(world, action.machine, goal => told(goal, action.knobs));
    case 'backend-add':
      return { ...world, backends: new Set([...world.backends, action.machine]) };
    case 'backend-remove': {
      const left = [...world.backends].filter(name => name !== action.machine);
      return { ...world, backends: new Set(left) };
    }
    case 'backend-weight':
    case 'measure':
    case 'relais':
    case 'shell':
      return world;
  }
}

function change(world: World, name: string, by: (goal: MachineGoal) => MachineGoal): World {
  const goal = world.machines.get(name);
  if (goal === undefined) return world;
  return { ...world, machines: new Map(world.machines).set(name, by(goal)) };
}

function revived(goal: MachineGoal): MachineGoal {
  return { ...withoutFaults(goal), state: 'running', failures: [] };
}

/** Limits stay as they were told, also over the end of an app; what is a fault ends with it. */
function withoutFaults({ knobs = {}, ...goal }: MachineGoal): MachineGoal {
  const limits = Object.entries(knobs).filter(([name]) => !FAULTS.includes(name));
  return limits.length === 0 ? goal : { ...goal, knobs: Object.fromEntries(limits) };
}

/** Nothing runs there that could be told anything. */
export function isDown({ state, failures }: MachineGoal): boolean {
  return state !== 'running' || failures.includes('crash');
}

/** The app is a new one, which was told nothing yet. */
function deployed({ knobs: _told, ...goal }: MachineGoal, version: string): MachineGoal {
  return { ...goal, version, failures: goal.failures.filter(one => one === 'blackhole') };
}

const FAULTS: readonly string[] = ['delayMs', 'errorRate', 'errorStatus', 'statusFailing'];

const failureOfKnob: Readonly<Record<string, FailureVerb>> = {
  delayMs: 'slow',
  errorRate: 'error',
};

function told(goal: MachineGoal, knobs: Knobs): MachineGoal {
  const failures = Object.entries(knobs).reduce<readonly FailureVerb[]>((before, [name, value]) => {
    const failure = failureOfKnob[name];
    if (failure === undefined) return before;
    const others = before.filter(one => one !== failure);
    return value === 0 ? others : [...others, failure];
  }, goal.failures);
  return { ...goal, failures, knobs: { ...goal.knobs, ...knobs } };
}

function failed(goal: MachineGoal, how: FailureVerb): MachineGoal {
  if (how === 'power-off') return { ...withoutFaults(goal), state: 'poweroff', failures: [how] };
  const left = how === 'crash' ? withoutFaults(goal) : goal;
  return { ...left, failures: [...goal.failures.filter(one => one !== how), how] };
}
