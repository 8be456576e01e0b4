/** The steps of the rolling-update lab, in the order of the story. */
import type { Step } from '../../harness/lab.ts';
import { badBuild, nextStep } from './bad-build.ts';
import { backInService, newVersion, outOfTheFlow } from './first-machine.ts';
import { secondMachine, theSite } from './second-machine.ts';
import type { Words } from './words.ts';

export function steps(kit: Words): readonly [Step, ...Step[]] {
  return [
    theSite(kit),
    outOfTheFlow(kit),
    newVersion(kit),
    backInService(kit),
    secondMachine(kit),
    badBuild(kit),
    nextStep(kit),
  ];
}
