/**
 * Makes a lab from its spec. Types refuse unknown machines, missing languages and steps without
 * a check; what types cannot see (an id used twice, an address used twice) is refused here.
 */
import { LabError } from './errors.ts';
import { createKit } from './kit.ts';
import type { Check, Lab, LabMachine, LabSpec, Step, Visitor } from './lab.ts';

function twice(ids: readonly string[]): string | undefined {
  return ids.find((id, index) => ids.indexOf(id) !== index);
}

function problemOfStep(step: Step): string | undefined {
  const checks: readonly Check[] = [...step.check, ...(step.during ?? [])];
  const check = twice(checks.map(({ id }) => id));
  if (check !== undefined) return `step "${step.id}" has two checks "${check}"`;
  const shot = twice((step.see ?? []).map(({ id }) => id));
  if (shot !== undefined) return `step "${step.id}" has two shots "${shot}"`;
  const choice = twice((step.predict?.choices ?? []).map(({ id }) => id));
  if (choice !== undefined) return `step "${step.id}" has two choices "${choice}"`;
  return problemOfMistakes(step);
}

function problemOfMistakes(step: Step): string | undefined {
  for (const { id, diagnosis } of step.mistakes ?? []) {
    const check = step.check.find(one => one.id === diagnosis.check);
    if (check?.because?.[diagnosis.because] !== undefined) continue;
    return `mistake "${id}" of step "${step.id}" names a diagnosis that is not there`;
  }
  return undefined;
}

function problemOf(lab: Lab): string | undefined {
  const bad = [lab.id, ...lab.steps.map(({ id }) => id)].find(id => !/^[a-z0-9-]+$/.test(id));
  if (bad !== undefined) return `id "${bad}" may have lower-case letters, digits and dashes only`;
  const step = twice(lab.steps.map(({ id }) => id));
  if (step !== undefined) return `two steps are called "${step}"`;
  const machines = Object.values(lab.machines);
  const ip = twice(machines.map(machine => machine.ip));
  if (ip !== undefined) return `two machines have the address ${ip}`;
  const port = twice(machines.map(machine => String(machine.forwardedPort)));
  if (port !== undefined) return `two machines have the forwarded port ${port}`;
  for (const one of lab.steps) {
    const problem = problemOfStep(one);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Throws a LabError `LAB_DEFINITION` that names what is wrong. */
export function defineLab<
  const M extends Readonly<Record<string, LabMachine>>,
  const V extends Readonly<Record<string, Visitor>>,
>(spec: LabSpec<M, V>): Lab {
  const kit = createKit<Extract<keyof M, string>, Extract<keyof V, string>>();
  const { id, title, summary, minutes, machines, backends, visitors, proxy = {} } = spec;
  const throughout = spec.throughout?.(kit) ?? [];
  const steps = spec.steps(kit);
  const named = { id, title, summary, minutes };
  const lab = { ...named, machines, backends, proxy, visitors, throughout, steps };
  const problem = problemOf(lab);
  if (problem !== undefined) throw new LabError('LAB_DEFINITION', `lab "${id}": ${problem}`);
  return lab;
}
