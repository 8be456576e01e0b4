import type { Kit } from '../../harness/words.ts';
import type { newMachines, oldMachines } from '../machines.ts';

export type Words = Kit<keyof typeof oldMachines | keyof typeof newMachines>;

export const v1 = ['webapp1', 'webapp2', 'webapp3'] as const;
export const v2 = ['webapp-new1', 'webapp-new2', 'webapp-new3'] as const;
