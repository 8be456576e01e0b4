/** Carries out the edits of findings on the text of the files they concern. Pure. */
import type { Edit, Finding } from './findings.ts';
import { locatePlaces, type Place, type Span } from './toml-lines.ts';

export interface Mended {
  /** By absolute path; only files that change. */
  readonly texts: ReadonlyMap<string, string>;
  /** Findings that are mended by it. */
  readonly done: readonly Finding[];
}

interface Replacement extends Span {
  readonly text: string;
}

/** `read`: text of a file by absolute path, undefined when it cannot be read any more. */
export function mend(
  findings: readonly Finding[],
  config: { readonly file: string; readonly text: string },
  read: (file: string) => string | undefined,
): Mended {
  const texts = new Map<string, string>();
  const done = [...mendConfig(findings, config, texts), ...mendAnswerFiles(findings, read, texts)];
  return { texts, done };
}

function mendConfig(
  findings: readonly Finding[],
  { file, text }: { readonly file: string; readonly text: string },
  texts: Map<string, string>,
): Finding[] {
  const placeOf = locatePlaces(text);
  const chosen = new Map<Finding, Replacement>();
  for (const finding of findings) {
    const replacement = finding.edit && replacementFor(finding.edit, placeOf, text);
    const overlaps = [...chosen.values()].some(
      each => replacement !== undefined && touches(each, replacement),
    );
    if (replacement !== undefined && !overlaps) chosen.set(finding, replacement);
  }
  const mended = replaceAll(text, [...chosen.values()]);
  if (mended !== text) texts.set(file, mended);
  return [...chosen.keys()];
}

function replacementFor(
  edit: Edit,
  placeOf: (path: (Edit & { kind: 'rename-key' })['path']) => Place | undefined,
  text: string,
): Replacement | undefined {
  switch (edit.kind) {
    case 'rename-key': {
      const key = placeOf(edit.path)?.key;
      return key && { ...key, text: edit.to };
    }
    case 'set-text': {
      // A backend of 2017 is the text itself, not a table with an address.
      const value = placeOf(edit.path)?.value ?? placeOf(edit.path.slice(0, -1))?.value;
      return value && { ...value, text: JSON.stringify(edit.to) };
    }
    case 'remove-element': {
      const place = placeOf(edit.path);
      if (place?.value === undefined || place.key !== undefined) return undefined;
      return { ...withComma(text, place.value), text: '' };
    }
    default:
      return undefined;
  }
}

/** An element with the comma before it; the first one with the comma behind it. */
function withComma(text: string, { start, end }: Span): Span {
  const before = /,\s*$/.exec(text.slice(0, start));
  if (before !== null) return { start: start - before[0].length, end };
  const behind = /^\s*,\s*/.exec(text.slice(end));
  return { start, end: end + (behind?.[0].length ?? 0) };
}

function touches(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

function replaceAll(text: string, replacements: readonly Replacement[]): string {
  let result = text;
  for (const { start, end, text: to } of [...replacements].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + to + result.slice(end);
  }
  return result;
}

type LineEdit = Extract<Edit, { kind: 'insert-blank-line' | 'remove-line' }>;

function mendAnswerFiles(
  findings: readonly Finding[],
  read: (file: string) => string | undefined,
  texts: Map<string, string>,
): Finding[] {
  return findings.filter(({ edit }) => {
    if (edit?.kind !== 'insert-blank-line' && edit?.kind !== 'remove-line') return false;
    const text = read(edit.file);
    if (text === undefined) return false;
    texts.set(edit.file, mendLines(text, edit));
    return true;
  });
}

/** The line ends of the file stay as they are. */
function mendLines(text: string, edit: LineEdit): string {
  const lines = text.split(/(?<=\n)/);
  const end = lines[0]?.endsWith('\r\n') ? '\r\n' : '\n';
  if (edit.kind === 'remove-line') lines.splice(edit.line - 1, 1);
  else lines.splice(edit.before - 1, 0, end);
  return lines.join('');
}
