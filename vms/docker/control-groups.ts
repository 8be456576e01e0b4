/** Removes the control groups in which an engine of ours has put its containers. */
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { waitUntil } from '../programs/deadline.ts';

/** In every hierarchy: version 1 has one for each controller. Their processes have ended. */
export async function removeControlGroups(name: string): Promise<void> {
  const groups = mountedHierarchies().map(mount => path.join(mount, name));
  // The kernel lets go of a group a moment after the last of its processes is gone.
  await waitUntil(() => groups.map(removeTree).every(Boolean), { deadlineMs: 5_000 });
}

function mountedHierarchies(): readonly string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return mounts.filter(line => / - cgroup2? /.test(line)).flatMap(line => line.split(' ')[4] ?? []);
}

/** Is it gone? The files in a control group's folder are no files: it is removed as it is. */
function removeTree(group: string): boolean {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(path.join(group, entry.name));
    }
    rmdirSync(group);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
