/** What a backend wants changed in the head of every request that it is sent. */
export interface HeadChanges {
  /** Names of the lines below: lower case, `-` for `_`. What a client sends under them goes. */
  readonly names: readonly string[];
  /** Whole lines. */
  readonly lines: string;
  /** In place of the path that the client asked for; the query stays. Undefined: no other path. */
  readonly path: string | undefined;
  /** No request follows on the connection, and the backend is told so. */
  readonly isLast: boolean;
}
