/** Every probe that a lab may judge by. */
import type { Check, Lab, Step } from './lab.ts';
import type { Probe } from './probes.ts';

export function probesOfLab({ throughout, steps }: Lab): readonly Probe[] {
  return [...throughout.flatMap(probesOfCheck), ...steps.flatMap(probesOfStep)];
}

function probesOfStep({ check, during = [], predict }: Step): readonly Probe[] {
  const choices = predict?.choices ?? [];
  return [...[...check, ...during].flatMap(probesOfCheck), ...choices.map(one => one.trueWhen)];
}

function probesOfCheck({ probe, imitated, because = [] }: Check): readonly Probe[] {
  const others = because.map(({ when }) => when);
  return [probe, ...(imitated === undefined ? [] : [imitated.probe]), ...others];
}
