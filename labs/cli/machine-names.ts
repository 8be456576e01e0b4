/** Machine names and failure verbs as people type them. */
import { canonicalName, MACHINE_NAMES, type MachineName } from '../../vms/address-plan.ts';
import type { FailureVerb } from '../../vms/machine.ts';
import { LabError } from '../harness/errors.ts';
import { unknownName } from '../harness/nearest.ts';

/** The underscores of the old tutorial are understood. */
export function machineNamed(typed: string): MachineName {
  const name = canonicalName(typed);
  const found = MACHINE_NAMES.find(known => known === name);
  if (found !== undefined) return found;
  throw new LabError('LAB_USAGE', unknownName('machine', typed, MACHINE_NAMES));
}

const verbs: readonly FailureVerb[] = [
  'crash',
  'power-off',
  'blackhole',
  'freeze',
  'slow',
  'error',
];

export function failureNamed(typed: string): FailureVerb {
  const found = verbs.find(known => known === typed);
  if (found !== undefined) return found;
  throw new LabError('LAB_USAGE', unknownName('failure', typed, verbs));
}
