/**
 * The one layout of a config file. What the file says and the order in which it says it stay:
 * comments, spellings of values, one empty line where there were some.
 *
 *  - one blank around `=`; a block whose `=` stand below each other keeps them so
 *  - an empty line before a [table], or before the comments right above it
 *  - `[1, 2]` and `{ a = 1 }`; a list that has line ends, or would be longer than 100 characters,
 *    has one element per line and a comma behind each
 */
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'smol-toml';
import { type Item, type Member, type Pair, readTree, type Value } from './toml-tree.ts';

const WIDTH = 100;
const STEP = 2;

/** `text` is valid TOML. Throws where the layout would change what it says: then it is ours to mend. */
export function formatToml(text: string): string {
  const formatted = layOut(text.startsWith('\uFEFF') ? text.slice(1) : text);
  if (isDeepStrictEqual(parse(formatted), parse(text))) return formatted;
  throw new Error('the formatter would change what the file says; please report the file');
}

/** A value at the beginning of a line. */
export function showTomlValue(value: Value): string {
  return showValue(value, 0);
}

function layOut(text: string): string {
  const items = withBlanks(readTree(text).items);
  const widths = keyWidths(items);
  const lines = items.map((item, index) => showItem(item, widths[index] ?? 0));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** At most one empty line in a row, none at the ends, one before each table. */
function withBlanks(items: readonly Item[]): Item[] {
  const spaced: Item[] = [];
  for (const item of items) {
    if (item.kind === 'blank' && (spaced.length === 0 || spaced.at(-1)?.kind === 'blank')) continue;
    if (item.kind === 'header') spaceHeader(spaced);
    spaced.push(item);
  }
  if (spaced.at(-1)?.kind === 'blank') spaced.pop();
  return spaced;
}

function spaceHeader(before: Item[]): void {
  let at = before.length;
  while (before[at - 1]?.kind === 'comment') at -= 1;
  if (at > 0 && before[at - 1]?.kind !== 'blank') before.splice(at, 0, { kind: 'blank' });
}

/** For each pair how wide its key is shown: as the widest of its block, if the block was aligned. */
function keyWidths(items: readonly Item[]): number[] {
  const widths: number[] = [];
  for (let start = 0; start < items.length; ) {
    const block = pairsFrom(items, start);
    const [first] = block;
    const isAligned = block.every(({ equalsAt }) => equalsAt === first?.equalsAt);
    const widest = Math.max(0, ...block.map(({ key }) => key.length));
    for (const { key } of block) widths.push(isAligned ? widest : key.length);
    if (block.length === 0) widths.push(0);
    start += Math.max(1, block.length);
  }
  return widths;
}

function pairsFrom(items: readonly Item[], start: number): Pair[] {
  const pairs: Pair[] = [];
  for (let at = start; ; at += 1) {
    const item = items[at];
    if (item?.kind !== 'pair') return pairs;
    pairs.push(item);
  }
}

function showItem(item: Item, keyWidth: number): string {
  switch (item.kind) {
    case 'blank':
      return '';
    case 'comment':
      return item.text;
    case 'header': {
      const header = item.isList ? `[[${item.keys}]]` : `[${item.keys}]`;
      return header + behind(item.comment);
    }
    default: {
      const start = `${item.key.padEnd(keyWidth)} = `;
      return start + showFitting(item.value, 0, start.length) + behind(item.comment);
    }
  }
}

/** `column`: where the value begins. */
function showFitting(value: Value, indent: number, column: number): string {
  const wide = showValue(value, indent);
  const isTooLong = !wide.includes('\n') && column + wide.length > WIDTH;
  const canGrow = value.kind === 'list' && value.members.length > 1;
  return isTooLong && canGrow ? showTall(value, indent) : wide;
}

function showValue(value: Value, indent: number): string {
  if (value.kind === 'scalar') return value.text;
  if (value.isTall && value.members.length > 0) return showTall(value, indent);
  // Only a tall one has comments and empty lines.
  const members = value.members.map(member =>
    member.kind === 'value' ? showMember(member, indent) : '',
  );
  if (value.kind === 'list') return `[${members.join(', ')}]`;
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function showTall(value: Exclude<Value, { kind: 'scalar' }>, indent: number): string {
  const inner = indent + STEP;
  const pad = ' '.repeat(inner);
  const lines = value.members.map(member => {
    if (member.kind === 'blank') return '';
    if (member.kind === 'comment') return pad + member.text;
    return `${pad}${showMember(member, inner)},${behind(member.comment)}`;
  });
  const [open, close] = value.kind === 'list' ? '[]' : '{}';
  return `${open}\n${lines.join('\n')}\n${' '.repeat(indent)}${close}`;
}

function showMember({ key, value }: Member & { kind: 'value' }, indent: number): string {
  if (key === '') return showFitting(value, indent, indent);
  return `${key} = ${showValue(value, indent)}`;
}

function behind(comment: string): string {
  return comment === '' ? '' : ` ${comment}`;
}
