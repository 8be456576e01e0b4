/** Everything that a chaos run does to the proxy, in this order. */
import type { Fault } from './fault.ts';
import { changeFaults } from './faults/changes.ts';
import { drainFaults } from './faults/drains.ts';
import { fileFaults } from './faults/files.ts';
import { mainFaults } from './faults/main-process.ts';
import { transactionFaults } from './faults/transactions.ts';
import { upgradeFaults } from './faults/upgrades.ts';
import { workerFaults } from './faults/workers.ts';

export const allFaults: readonly Fault[] = [
  ...changeFaults,
  ...transactionFaults,
  ...fileFaults,
  ...drainFaults,
  ...workerFaults,
  ...upgradeFaults,
  ...mainFaults,
];
