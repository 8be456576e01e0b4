/** What a file would change in a running proxy, for people. */
export interface PlanLine {
  /** `+` comes, `~` changes, `-` goes, `=` stays although the file does not have it. */
  readonly sign: '+' | '~' | '-' | '=';
  readonly kind: 'settings' | 'listener' | 'cluster' | 'backend' | 'frontend';
  /** As people call it: `backend 127.0.0.1:81 of cluster web`. */
  readonly what: string;
  /** Which keys change, or why it stays. */
  readonly detail?: string;
}

/** The reply to a reload, and to a saved state that is loaded. */
export interface PlanContent {
  /** Absolute path of what was read. */
  readonly file: string;
  readonly lines: readonly PlanLine[];
  /** How many of the lines, shown or not, are changes. */
  readonly changes: number;
  /** Lines beyond those, which are left out. */
  readonly omitted: number;
  /** Parts that were as the file has them already. */
  readonly unchanged: number;
  /** Keys of the file that take effect at the next start only, one sentence each. */
  readonly restart: readonly string[];
  /** What is most likely a slip in the file. */
  readonly warnings: readonly string[];
  /** False in a dry run. */
  readonly applied: boolean;
  /** Workers that have done it. */
  readonly workers: number;
}
