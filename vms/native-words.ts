/**
 * Machines that another program makes can be told things in its words, too: `vagrant halt webapp2`.
 * A lab shows those beside its own, and lets them be typed.
 */
import type { FailureVerb } from './machine.ts';

/** What is done to a machine: started, healed, or made to fail. */
export type Deed = 'up' | 'heal' | FailureVerb;

/** The program, as it has to be started to know the machines of this room and no others. */
export interface NativeProgram {
  /** As it is typed, for example `vagrant`; what is typed after it comes after `argv`. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface NativeWords {
  readonly program: NativeProgram;
  /**
   * The line that does the same to the machine, when the program has one. `failures` are those in
   * force, oldest first: what heals one does not heal another.
   */
  line(deed: Deed, machine: string, failures: readonly FailureVerb[]): string | undefined;
}
