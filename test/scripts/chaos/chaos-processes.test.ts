/** The short form of the chaos run: processes stand still, die and are replaced, under load. */
import { describe } from 'node:test';
import { mainFaults } from '../../../scripts/chaos/faults/main-process.ts';
import { upgradeFaults } from '../../../scripts/chaos/faults/upgrades.ts';
import { workerFaults } from '../../../scripts/chaos/faults/workers.ts';
import { skipChaos, testFaults } from '../../support/chaos-run.ts';

// Each of them mostly waits.
describe('chaos of processes', { skip: skipChaos, concurrency: 3 }, () => {
  testFaults([...workerFaults, ...upgradeFaults, ...mainFaults]);
});
