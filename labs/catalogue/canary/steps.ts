/** The steps of the canary lab, in the order of the story. */
import type { Step } from '../../harness/lab.ts';
import { allOfIt, wayBack } from './all-and-back.ts';
import { byEnvironment } from './by-environment.ts';
import { firstOfV2, oneInFive } from './first-visitors.ts';
import { oneMachine, scaleUp } from './grow.ts';
import type { Words } from './words.ts';

export function steps(kit: Words): readonly [Step, ...Step[]] {
  return [
    oneMachine(kit),
    scaleUp(kit),
    firstOfV2(kit),
    oneInFive(kit),
    allOfIt(kit),
    wayBack(kit),
    byEnvironment(kit),
  ];
}
