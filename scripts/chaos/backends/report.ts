/** What one backend has in progress, WebSockets included. */
export interface Activity {
  readonly active: number;
  /** Monotonic milliseconds; 0 before the first. */
  readonly lastEndedAt: number;
}

export type BackendQuestion = { readonly ask: 'repeated' } | { readonly ask: 'activity' };

/** What the process of the backends tells. */
export type BackendReport =
  | { readonly kind: 'listening'; readonly addresses: Readonly<Record<string, string>> }
  | { readonly kind: 'activity'; readonly activity: Readonly<Record<string, Activity>> }
  /** Ids of the POSTs that arrived more than once since the last question. */
  | { readonly kind: 'repeated'; readonly repeated: readonly string[] };
