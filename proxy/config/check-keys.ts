/** Applies the table of known keys to one table of the file. */
import { isDeepStrictEqual } from 'node:util';
import { nearest } from '../shared/nearest.ts';
import type { Findings, KeyPath } from './findings.ts';
import type { KeyRule, KeyTable } from './known-keys.ts';

export type TomlTable = Readonly<Record<string, unknown>>;

/** `pattern`: further keys that are used, such as `answer_<status>`. */
export function checkKeys(
  findings: Findings,
  table: TomlTable,
  known: KeyTable,
  path: KeyPath,
  pattern?: RegExp,
): void {
  for (const [key, value] of Object.entries(table)) {
    if (pattern?.test(key)) continue;
    const rule = Object.hasOwn(known, key) ? known[key] : undefined;
    const place = [...path, key];
    if (rule === undefined) findings.error(place, unknownKey(key, known));
    else applyRule(findings, rule, value, place);
  }
}

function applyRule(findings: Findings, rule: KeyRule, value: unknown, place: KeyPath): void {
  if (rule === 'used') return;
  if ('noEffect' in rule) findings.note(place, `has no effect: ${rule.noEffect}`);
  else if (!('unless' in rule && isDeepStrictEqual(value, rule.unless))) {
    findings.error(place, rule.refused);
  }
}

function unknownKey(key: string, known: KeyTable): string {
  const near = nearest(key, Object.keys(known));
  if (near !== undefined) return `unknown key; did you mean "${near}"?`;
  const used = Object.keys(known).filter(each => known[each] === 'used');
  return `unknown key; the keys here are ${used.join(', ')}`;
}

/** Undefined, with a finding, when the value is no table. */
export function asTable(findings: Findings, value: unknown, path: KeyPath): TomlTable | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { ...value };
  }
  findings.error(path, 'must be a table');
  return undefined;
}
