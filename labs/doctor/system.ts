/** Everything that the doctor reads of a computer goes through here, so that a test can be one. */
import type { PortHolderFact } from './facts.ts';

export interface System {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly node: { readonly version: string; readonly arch: string };
  /** Of the operating system: `uname -m` and `uname -r`, in Node's words. */
  readonly arch: string;
  readonly release: string;
  readonly processors: number;
  readonly memory: { readonly total: number; readonly free: number; readonly limit: number };
  readonly isRoot: boolean;
  /** These two never become facts: a bundle takes them out of what it tells. */
  readonly userName: string;
  readonly hostName: string;
  readonly userHome: string;
  readonly terminal: { readonly isTerminal: boolean; readonly columns: number };
  /** Where the kit lies. */
  readonly kitFolder: string;

  /** Text of a file (of a `.gz`, what is in it); undefined when it cannot be read. */
  read(file: string): string | undefined;
  /** Names in a folder, sorted; none when it cannot be read. */
  list(folder: string): readonly string[];
  exists(file: string): boolean;
  /** Can this user open it for reading and writing? */
  canOpen(file: string): boolean;
  /** Why nothing can be written into this folder, which may have to be made; undefined: it can. */
  writeProblem(folder: string): string | undefined;
  /** Bytes free for this user on the disk of the folder. */
  diskFree(folder: string): number | undefined;
  /** Full path of a program that the shell would start under this name. */
  program(name: string): string | undefined;
  /** Runs a program to its end; undefined when it is not there or does not end in time (10 s). */
  run(argv: readonly string[]): Promise<Answer | undefined>;
  /** Can a socket listen there? Tried on a port that the system picks when it is 0. */
  canListen(host: string, port: number): Promise<boolean>;
  holderOf(port: number): Promise<PortHolderFact | undefined>;
}

export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
