/** Text measured in the cells of a terminal: an emoji takes two, a colour none. Pure. */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { remembered } from './remembered.ts';

const CUT = { hard: true, wordWrap: false, trim: false } as const;

/** What a program printed must not move the cursor: control characters become spaces. */
export function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
}

export const width: (line: string) => number = remembered(
  line => stringWidth(line),
  line => line,
);

const wrapIn: (text: string, columns: number) => string = remembered(
  (text, columns) => wrapAnsi(text, columns, { hard: true }),
  (text, columns) => `${columns} ${text}`,
);

/** Cut with an ellipsis when it is too long; never wider than `columns`. */
export function cut(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  const [kept = ''] = wrapAnsi(line, Math.max(1, columns - 1), CUT).split('\n');
  return `${kept}…`;
}

/** Padded with spaces on the right, or cut. */
export function padded(line: string, columns: number): string {
  return `${cut(line, columns)}${' '.repeat(Math.max(0, columns - width(line)))}`;
}

export interface Indent {
  readonly first: string;
  readonly rest: string;
}

/** Prose in lines of at most `columns` cells; a word that is longer than a line is broken. */
export function wrapped(text: string, columns: number, indent?: Indent): readonly string[] {
  const { first = '', rest = '' } = indent ?? {};
  const room = Math.max(1, columns - Math.max(width(first), width(rest)));
  const lines = wrapIn(text, room).split('\n');
  return lines.map((line, index) => cut(`${index === 0 ? first : rest}${line}`, columns));
}

/** At most `most` lines; the last one says that there was more. */
export function shortened(
  lines: readonly string[],
  most: number,
  columns: number,
): readonly string[] {
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  const last = kept.pop();
  return last === undefined ? [] : [...kept, `${cut(last, columns - 2)} …`];
}

/** One text at each edge; the left one gives way. */
export function twoSides(left: string, right: string, columns: number): string {
  const room = columns - width(right) - 1;
  if (room < Math.min(width(left), columns / 3)) return cut(left, columns);
  return `${padded(left, room)} ${right}`;
}
