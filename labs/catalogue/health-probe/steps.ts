/** The steps of the health-probe lab, in the order of the story. */
import type { Step } from '../../harness/lab.ts';
import { allSick, allWell } from './all-sick.ts';
import { askThem, backIn } from './ask.ts';
import { crashSeenTwice, nobodyAsks } from './breaker-alone.ts';
import type { Words } from './words.ts';

export function steps(kit: Words): readonly [Step, ...Step[]] {
  return [
    nobodyAsks(kit),
    askThem(kit),
    backIn(kit),
    crashSeenTwice(kit),
    allSick(kit),
    allWell(kit),
  ];
}
