/** Changes of a map that can be taken back exactly, the place of the entry included. */

/** Puts an entry in, at the end when it is new. Returns how to take that back. */
export function put<K, V>(map: Map<K, V>, key: K, value: V): () => void {
  const before = map.get(key);
  map.set(key, value);
  if (before === undefined) return () => map.delete(key);
  return () => map.set(key, before);
}

/** Takes an entry out. Returns how to put it back where it was. */
export function take<K, V>(map: Map<K, V>, key: K): () => void {
  const value = map.get(key);
  if (value === undefined) return () => undefined;
  const index = indexOf(map, key);
  map.delete(key);
  return () => insertAt(map, index, key, value);
}

/** Latest first. */
export function undoAll(undos: readonly (() => void)[]): void {
  for (const undo of undos.toReversed()) undo();
}

function indexOf<K>(map: Map<K, unknown>, key: K): number {
  let index = 0;
  for (const each of map.keys()) {
    if (each === key) return index;
    index += 1;
  }
  return index;
}

/** A map has no other way to the middle than to leave and come back. Rare: only a refusal needs it. */
function insertAt<K, V>(map: Map<K, V>, index: number, key: K, value: V): void {
  const behind = [...map].slice(index);
  for (const [each] of behind) map.delete(each);
  map.set(key, value);
  for (const [each, its] of behind) map.set(each, its);
}
