/** Which parts give way when there are more lines than rows. Pure. */

export interface Section {
  readonly name: string;
  /** From the fullest to the smallest; an empty one is the part left out. */
  readonly variants: readonly (readonly string[])[];
}

/**
 * Each name in `giveWay` makes the part of that name one variant smaller, in this order, until all
 * lines fit. Where that is not enough, the end is cut off, and its last line says so.
 */
export function fitRows(
  sections: readonly Section[],
  giveWay: readonly string[],
  rows: number,
): readonly string[] {
  const chosen = new Map<string, number>();
  const lines = (): readonly string[] =>
    sections.flatMap(({ name, variants }) => variants[chosen.get(name) ?? 0] ?? []);
  for (const name of giveWay) {
    if (lines().length <= rows) break;
    const section = sections.find(each => each.name === name);
    const next = (chosen.get(name) ?? 0) + 1;
    if (section !== undefined && next < section.variants.length) chosen.set(name, next);
  }
  const fitted = lines();
  return fitted.length <= rows ? fitted : [...fitted.slice(0, Math.max(0, rows - 1)), '…'];
}
