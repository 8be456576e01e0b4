/** Actions are data: one value is run, printed as a command, and replayed. */
import type { FailureVerb, Knobs } from '../../vms/machine.ts';

/** Stands for the proxy's own listener where an address is asked for. */
export const PROXY = 'proxy';

/** Stands for the place where a second proxy may listen. */
export const SECOND_PROXY = 'second-proxy';

/**
 * A word of a command line; the address of a machine, or of a proxy, is known when the lab runs.
 * From outside, where learners type, a machine has a port of its own on this computer.
 */
export type Word = string | { readonly addressOf: string; readonly from?: 'outside' };

export type AddressBook = (machine: string, from?: 'outside') => string;

/** `v3` is a bad build: it starts and answers every page with 500. */
export type AppVersion = 'v1' | 'v2' | 'v3';

export type Action =
  | { readonly kind: 'machine-up'; readonly machines: readonly string[] }
  | { readonly kind: 'machine-down'; readonly machine: string; readonly how: FailureVerb }
  | { readonly kind: 'machine-heal'; readonly machine: string }
  /** Another version of the app on a machine that stays. */
  | { readonly kind: 'machine-deploy'; readonly machine: string; readonly version: AppVersion }
  | { readonly kind: 'machine-knobs'; readonly machine: string; readonly knobs: Knobs }
  | { readonly kind: 'measure'; readonly machines: readonly string[] }
  | { readonly kind: 'backend-add'; readonly machine: string }
  | { readonly kind: 'backend-remove'; readonly machine: string }
  | { readonly kind: 'backend-weight'; readonly machine: string; readonly weight: number }
  /** A line of the proxy's own command line, run as it is printed. */
  | CommandAction<'relais'>
  /** Any other line, for a POSIX shell in the folder of the proxy's configuration. */
  | CommandAction<'shell'>;

/**
 * Does a later step build on it? Then it is run again on the way to that step. `starts-over`: after
 * it the proxy is as at the start of the lab, so nothing before it is done again, nor itself.
 */
export type Replayed = boolean | 'starts-over';

interface CommandAction<K extends string> {
  readonly kind: K;
  readonly words: readonly Word[];
  readonly replayed: Replayed;
}

/** May the action be left out on the way to a later step? */
export function leavesNothing(action: Action): boolean {
  return action.kind === 'measure' || ('replayed' in action && action.replayed === false);
}

export function startsOver(action: Action): boolean {
  return 'replayed' in action && action.replayed === 'starts-over';
}
