/**
 * Programs that somebody started outside the room and that shall end with it, such as a second
 * proxy from a line of a lab. No record names them: they are found by their marks.
 */
import { waitUntil } from '../programs/deadline.ts';
import {
  environmentOf,
  findMarked,
  killAll,
  MARK,
  type Marks,
  parentOf,
} from '../programs/marked-processes.ts';
import { isAlive, signalProcess } from '../programs/process-identity.ts';

const ROLE = 'companion';

export function companionMarks(marks: Marks): Marks {
  return { ...marks, [MARK.role]: ROLE };
}

/** Parents are asked to end, and see to their children; who has not gone after the grace is killed. */
export async function endCompanions(folder: string, graceMs: number): Promise<void> {
  const companions = findMarked(folder).filter(
    ({ pid }) => environmentOf(pid)?.[MARK.role] === ROLE,
  );
  const pids = new Set(companions.map(({ pid }) => pid));
  for (const companion of companions) {
    const parent = parentOf(companion.pid);
    if (parent === undefined || !pids.has(parent)) signalProcess(companion, 'SIGTERM');
  }
  await waitUntil(() => !companions.some(isAlive), { deadlineMs: graceMs });
  await killAll(companions.filter(isAlive));
}
