/** From facts to findings. Pure: any computer that was written down can be judged. */
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { judgeComputer, judgeSystem } from './computer.ts';
import { judgeEngines } from './engines.ts';
import { judgeKernel } from './kernel.ts';
import { bestMachines, judgeMachines } from './machines.ts';
import { judgeNode } from './node.ts';
import { judgeBrowser, judgeProxy } from './programs.ts';
import {
  judgeLeftOvers,
  judgeNames,
  judgeOnline,
  judgePorts,
  judgeTerminal,
} from './surroundings.ts';

export interface Judgement {
  /** Can labs run here, on some kind of machines? */
  readonly ready: boolean;
  /** The machines that labs would use; undefined when there are none. */
  readonly machines: string | undefined;
  readonly findings: readonly Finding[];
}

export function judge(facts: Facts): Judgement {
  const findings = [
    judgeSystem(facts),
    judgeNode(facts),
    ...judgeComputer(facts),
    ...judgeMachines(facts),
    ...judgeEngines(facts),
    judgeProxy(facts),
    judgeBrowser(facts),
    ...judgePorts(facts),
    judgeNames(facts),
    judgeTerminal(facts),
    ...judgeLeftOvers(facts),
    ...judgeKernel(facts),
    ...judgeOnline(facts),
  ];
  const machines = bestMachines(facts)?.name;
  const ready = machines !== undefined && findings.every(({ state }) => state !== 'missing');
  return { ready, machines, findings };
}
