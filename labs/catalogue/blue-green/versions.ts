import type { Kit } from '../../harness/words.ts';
import type { newMachines, oldMachines } from '../machines.ts';

export type Words = Kit<keyof typeof oldMachines | keyof typeof newMachines>;
