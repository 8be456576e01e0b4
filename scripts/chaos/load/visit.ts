/** What the load writes down about each request, as its client saw it. */

/** `long`: downloads and WebSockets. Connections that are kept and new ones fail in other ways. */
export type Lane = 'kept' | 'fresh' | 'long';

export const LANES: readonly Lane[] = ['kept', 'fresh', 'long'];

export interface Visit {
  readonly lane: Lane;
  /** Monotonic milliseconds, the same in every process of the computer: before the first byte. */
  readonly beganAt: number;
  /** From then until its end. */
  readonly ms: number;
  /** `ok`, or what went wrong. */
  readonly outcome: string;
  /** The backend that answered, '' when none did. */
  readonly by: string;
  /** Of the client's end of the connection, 0 when it never had one. */
  readonly port: number;
  /** When that connection was begun. */
  readonly connectedAt: number;
}

/** The connection ended before the answer was there, or in its middle. */
export const CUT = 'cut';
export const INCOMPLETE = 'incomplete';

export type LoadOrder = { readonly kind: 'begin' } | { readonly kind: 'end' };

export type LoadReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'visits'; readonly visits: readonly Visit[] };
