/** Removes what a lab has left in the folder of its instance, running or not: all but logs. */
import { rm } from 'node:fs/promises';
import { sweep } from '../../vms/sweep.ts';
import { commandSocketPath } from '../harness/run/run-folder.ts';
import { commandsFolder } from './lab-shell.ts';
import { removeStageNote } from './stage-file.ts';
import { removeSockets } from './stage-proxies.ts';

/** Rejects with VM_LEASE_HELD while a run uses it. */
export async function removeLab(folder: string): Promise<void> {
  await sweep(folder);
  await removeStageNote(folder);
  await removeSockets(commandSocketPath(folder));
  await rm(commandsFolder(folder), { recursive: true, force: true, maxRetries: 5 });
}
