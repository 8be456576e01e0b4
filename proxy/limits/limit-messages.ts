/** What workers say to whoever apportions the limits that they share, and what they are told. */

/** From a worker. `key` names a limit. */
export type LimitAsk =
  /** One more permit is needed than the worker holds; answered by `granted`. */
  | { readonly kind: 'permit'; readonly key: string; readonly limit: number }
  /** Permits that the worker no longer holds. `recalled`: the answer to a recall, perhaps 0. */
  | {
      readonly kind: 'give-back';
      readonly key: string;
      readonly permits: number;
      readonly recalled: boolean;
    }
  /** Tokens of a rate are needed; answered by `tokens`. */
  | {
      readonly kind: 'token';
      readonly key: string;
      readonly perSecond: number;
      readonly burst: number;
    };

/** To a worker. */
export type LimitOrder =
  /** 0: every permit is in use, in whatever worker. */
  | { readonly kind: 'granted'; readonly key: string; readonly permits: number }
  /** Another worker needs permits: give back some that are not in use. */
  | { readonly kind: 'recall'; readonly key: string }
  /** A worker that held some has ended: one that was refused may ask again. */
  | { readonly kind: 'freed'; readonly key: string }
  /** `tokens` 0: the next one comes in `waitMs`. */
  | {
      readonly kind: 'tokens';
      readonly key: string;
      readonly tokens: number;
      readonly waitMs: number;
    };
