/** Between a main process that is to be replaced and the first one, which stands in for all of them. */

export type Wish =
  | { readonly wish: 'launch'; readonly place: string }
  /** This process serves now. */
  | { readonly wish: 'follow'; readonly pid: number };

export type Told =
  | { readonly told: 'launched'; readonly place: string; readonly pid: number }
  | { readonly told: 'ended'; readonly pid: number; readonly how: string };
