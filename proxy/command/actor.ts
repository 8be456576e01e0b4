/**
 * Who asks, in their own words. The runtime does not tell who is at the other end of a unix
 * socket, so this is a declaration: mode 0600 is what keeps others out.
 */
import { userInfo } from 'node:os';
import * as z from 'zod';

export interface Actor {
  readonly uid?: number;
  readonly gid?: number;
  readonly pid?: number;
  readonly user?: string;
  /** Name of the program. */
  readonly comm?: string;
}

const number = z.int().min(0).max(4_294_967_295);
const name = z.string().max(64);

export const actorSchema: z.ZodType<unknown> = z.strictObject({
  uid: number.optional(),
  gid: number.optional(),
  pid: number.optional(),
  user: name.optional(),
  comm: name.optional(),
});

/** This process. */
export function ownActor(comm: string): Actor {
  const pid = process.pid;
  try {
    const { uid, gid, username } = userInfo();
    // Where users have no numbers they are -1.
    return uid < 0 ? { pid, user: username, comm } : { uid, gid, pid, user: username, comm };
  } catch {
    // A uid without an entry in the list of users.
    return { pid, comm };
  }
}
