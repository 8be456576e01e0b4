/** Which processes belong to a group, on systems that have groups. */
import { execFileSync } from 'node:child_process';
import type { Platform } from '../platform.ts';

/** Pid and pid of the group's leader, one pair a line. */
export const GROUPS_QUESTION = ['ps', '-axo', 'pid=,pgid='] as const;

/** Pids of the group, its leader among them. Linux has files for it. */
export function groupMembers(
  leader: number,
  platform: Exclude<Platform, 'linux'>,
): readonly number[] {
  if (platform === 'win32') return [leader];
  const [program, ...words] = GROUPS_QUESTION;
  try {
    return membersIn(execFileSync(program, words, { encoding: 'utf8' }), leader);
  } catch {
    return [leader];
  }
}

export function membersIn(table: string, leader: number): readonly number[] {
  return table.split('\n').flatMap(line => {
    const [pid, group] = line.trim().split(/\s+/).map(Number);
    return group === leader && pid !== undefined ? pid : [];
  });
}
