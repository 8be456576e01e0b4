/**
 * What a main process that begins, and who served before it, say to each other: an orphan (a
 * worker whose main process died) or the main process that is being replaced.
 *
 *     successor                              predecessor
 *        ├── take ──────────────────────────────▶│
 *        │◀── state, listener (with its socket)…, end
 *        │   starts its own workers              │ serves on
 *        ├── retire ────────────────────────────▶│ accepts no more
 *        │◀── client (with its connection)…, event…, retired
 *
 * The new workers ask an orphan for its clients themselves, each on a connection of its own, before
 * it is told to retire: what is on its way through a process is lost when that is killed.
 *
 *     new worker                                orphan
 *        ├── receive ───────────────────────────▶│
 *        │◀── end, client (with its connection)…
 */
import type { EventBody, ProxyEvent } from './events.ts';
import type { StateRequest } from './requests.ts';
import type { ClientMessage, Cut } from './worker-messages.ts';

/** Both sides may be of different versions of the program, but not of the conversation. */
export const HAND_OVER_VERSION = 1;

export type ToPredecessor =
  | { readonly type: 'take'; readonly version: number }
  /** From a worker of the successor, which takes idle clients over. */
  | { readonly type: 'receive'; readonly version: number }
  /** The successor serves. What is left after `deadlineMs` is cut; absent: never. */
  | { readonly type: 'retire'; readonly deadlineMs?: number }
  /** It cannot serve, and ends. */
  | { readonly type: 'failed'; readonly message: string };

export type ToSuccessor =
  | HandedState
  | { readonly type: 'listener'; readonly address: string }
  | { readonly type: 'end' }
  | ClientMessage
  | { readonly type: 'event'; readonly event: EventBody }
  | { readonly type: 'retired'; readonly cut: Cut };

export interface HandedState {
  readonly type: 'state';
  readonly requests: readonly StateRequest[];
  /** Of an orphan. */
  readonly orphan?: { readonly workerId: number; readonly pid: number; readonly since: number };
  /** Of a main process: its last event's number, and the events it remembers. */
  readonly events?: { readonly seq: number; readonly recent: readonly ProxyEvent[] };
  /** Of a main process: the highest number of a worker so far. */
  readonly lastWorkerId?: number;
}

/** Where an orphan waits for a new main process. */
export function orphanSocket(commandSocket: string, pid: number): string {
  return `${commandSocket}.w${pid}`;
}

/** Longest addition to the path of the command socket: `.w` and a pid. */
export const LONGEST_SUFFIX_BYTES = 10;
