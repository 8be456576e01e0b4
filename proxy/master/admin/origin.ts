/** Where a request came from, for the audit log. */
import type { Actor } from '../../command/actor.ts';

export type Via = 'socket' | 'http' | 'start' | 'signal';

export interface Origin {
  readonly via: Via;
  /** Of one connection, such as `socket-12`. */
  readonly clientId: string;
  /** Self-declared. */
  readonly by?: Actor | undefined;
}
