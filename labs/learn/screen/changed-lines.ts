/** What a terminal must be sent so that it shows other lines: those that changed, and no more. Pure. */
import { width } from './cells.ts';

/** Terminals that know it show all of what is between at once; the others pass over it. */
const BEGIN_TOGETHER = '\x1b[?2026h';
const END_TOGETHER = '\x1b[?2026l';

/** `''` when nothing changed. An empty `before` is a screen that was cleared. */
export function changedLines(
  before: readonly string[],
  lines: readonly string[],
  columns: number,
): string {
  const rows = Math.max(before.length, lines.length);
  const changes: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const [old = '', line = ''] = [before[row], lines[row]];
    if (old !== line) changes.push(`\x1b[${row + 1};1H${line}${rest(line, columns)}`);
  }
  return changes.length === 0 ? '' : `${BEGIN_TOGETHER}${changes.join('')}${END_TOGETHER}`;
}

/** After a full line the cursor still stands on its last sign, which must not be erased. */
function rest(line: string, columns: number): string {
  return width(line) < columns ? '\x1b[K' : '';
}
