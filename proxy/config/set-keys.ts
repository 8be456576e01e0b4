/** A table of the file names only some keys; a request holds only those that were named. */

export type SetKeys<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out the keys that are undefined, which a request may not hold. */
export function setKeys<T extends object>(keys: T): SetKeys<T> {
  return Object.fromEntries(
    Object.entries(keys).filter(([, value]) => value !== undefined),
  ) as SetKeys<T>;
}
