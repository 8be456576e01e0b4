/** Takes an instance for one run: refused while another run has it, swept when a run died in it. */

import { MAX_INSTANCE } from '../../vms/address-plan.ts';
import { claim, release } from '../../vms/lease.ts';
import { sweep } from '../../vms/sweep.ts';
import { LabError } from '../harness/errors.ts';
import type { Claim, RunOptions } from '../harness/run/lab-parts.ts';
import { commandSocketPath, instanceFolder } from '../harness/run/run-folder.ts';
import { readStageNote, removeStageNote } from './stage-file.ts';
import { removeSockets } from './stage-proxies.ts';

export async function claimInstance(options: RunOptions): Promise<Claim> {
  const { home, instance } = options;
  const folder = instanceFolder(home, instance);
  claim(folder);
  try {
    const note = await readStageNote(folder);
    if (note?.left === true) {
      throw new LabError(
        'LAB_ENVIRONMENT',
        `Instance ${instance} is in use: lab ${note.lab} was left running at ${note.url}. ` +
          `Take it down with \`lab clean\`, or run beside it with --instance ${(instance + 1) % (MAX_INSTANCE + 1)}.`,
      );
    }
    const swept = await sweep(folder);
    await removeStageNote(folder);
    await removeSockets(commandSocketPath(folder));
    return { swept, release: async () => release(folder) };
  } catch (error) {
    release(folder);
    throw error;
  }
}
