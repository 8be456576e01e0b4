/** What the process of the backends tells. */
export type BackendReport =
  | { readonly kind: 'listening'; readonly addresses: Readonly<Record<string, string>> }
  /** Ids of the POSTs that arrived more than once since the last question. */
  | { readonly kind: 'repeated'; readonly repeated: readonly string[] };
