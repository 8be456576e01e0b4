import type { Probe } from '../../harness/probes.ts';
import type { Kit } from '../../harness/words.ts';
import type { newMachines, oldMachines } from '../machines.ts';

export type Words = Kit<keyof typeof oldMachines | keyof typeof newMachines>;

/**
 * 150 requests are a whole number of rounds in every step. Requests that run at once may end in
 * another order than they began, and a browser takes turns too: that is what the points are for.
 */
export function share({ expect }: Words, version: 'v1' | 'v2', percent: number): Probe {
  return expect.share({ version }, { percent, tolerance: 2, requests: 150 });
}
