/** A table of the file names only some keys; a request holds only those that were named. */

export type SetKeys<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out the keys that are undefined, which a request may not hold. */
export function setKeys<T extends object>(keys: T): SetKeys<T> {
  const set: Partial<T> = {};
  for (const key in keys) {
    if (Object.hasOwn(keys, key) && keys[key] !== undefined) set[key] = keys[key];
  }
  return set as SetKeys<T>;
}
