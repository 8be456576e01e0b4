/** Results of a pure function of texts, kept: most of a screen is the same in the next picture. */

/** More than a screen needs; then all are forgotten, which costs one picture. */
const MOST = 1_000;

/** `key` must tell all arguments apart. */
export function remembered<A extends readonly unknown[], R>(
  work: (...given: A) => R,
  key: (...given: A) => string,
): (...given: A) => R {
  const known = new Map<string, R>();
  return (...given) => {
    const name = key(...given);
    const old = known.get(name);
    if (old !== undefined) return old;
    if (known.size >= MOST) known.clear();
    const result = work(...given);
    known.set(name, result);
    return result;
  };
}
