/** Actions are data: one value is run, printed as a command, and replayed. */
import type { FailureVerb } from '../../vms/machine.ts';

export type Action =
  | { readonly kind: 'machine-up'; readonly machines: readonly string[] }
  | { readonly kind: 'machine-down'; readonly machine: string; readonly how: FailureVerb }
  | { readonly kind: 'machine-heal'; readonly machine: string }
  | { readonly kind: 'measure'; readonly machines: readonly string[] }
  | { readonly kind: 'backend-add'; readonly machine: string }
  | { readonly kind: 'backend-remove'; readonly machine: string };
