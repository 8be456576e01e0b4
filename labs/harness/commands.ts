/** An action as the commands a learner would type for it. */
import type { Action } from './actions.ts';

/** Cluster of every lab, as in the tutorial. */
export const CLUSTER = 'webapp';

export function commandOf(action: Action, addressOf: (machine: string) => string): string {
  switch (action.kind) {
    case 'machine-up':
      return `lab up ${action.machines.join(' ')}`;
    case 'machine-down':
      return `lab down ${action.machine} --how ${action.how}`;
    case 'machine-heal':
      return `lab heal ${action.machine}`;
    case 'measure':
      return `lab measure ${action.machines.join(' ')}`;
    case 'backend-add':
      return `relais backend add --id ${CLUSTER} --address ${addressOf(action.machine)}`;
    case 'backend-remove':
      return `relais backend remove --id ${CLUSTER} --address ${addressOf(action.machine)}`;
  }
}
