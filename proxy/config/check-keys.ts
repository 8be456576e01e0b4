/** Applies the table of known keys to one table of the file. */
import { isDeepStrictEqual } from 'node:util';
import { nearest } from '../shared/nearest.ts';
import type { Advice, Findings, KeyPath } from './findings.ts';
import type { KeyRule, KeyTable } from './known-keys.ts';
import { unknownKey } from './unknown-key.ts';

export type TomlTable = Readonly<Record<string, unknown>>;

/** `pattern`: further keys that are used, such as `answer_<status>`. */
export function checkKeys(
  findings: Findings,
  table: TomlTable,
  known: KeyTable,
  path: KeyPath,
  pattern?: RegExp,
): void {
  for (const key of Object.keys(table)) {
    const rule = Object.hasOwn(known, key) ? known[key] : undefined;
    if (rule === 'used' || pattern?.test(key)) continue;
    const place = [...path, key];
    if (rule === undefined) refuseUnknown(findings, table, known, place, key);
    else applyRule(findings, rule, table[key], place);
  }
}

function applyRule(
  findings: Findings,
  rule: Exclude<KeyRule, 'used'>,
  value: unknown,
  place: KeyPath,
): void {
  if ('noEffect' in rule) findings.note(place, `has no effect: ${rule.noEffect}`);
  else if (!('unless' in rule && isDeepStrictEqual(value, rule.unless))) {
    const { refused, why } = rule;
    findings.error(place, refused, why === undefined ? {} : { why });
  }
}

function refuseUnknown(
  findings: Findings,
  table: TomlTable,
  known: KeyTable,
  place: KeyPath,
  key: string,
): void {
  const names = Object.keys(known);
  const used = names.filter(each => known[each] === 'used');
  findings.error(place, unknownKey(key, names, used), renaming(table, key, place, used));
}

/** The one near name is what was meant, unless it stands there too. */
function renaming(table: TomlTable, key: string, path: KeyPath, used: readonly string[]): Advice {
  const to = nearest(key, used);
  if (to === undefined || Object.hasOwn(table, to)) return {};
  return { fix: `call it ${to}`, edit: { kind: 'rename-key', path, to } };
}

/** Undefined, with a finding, when the value is no table. */
export function asTable(findings: Findings, value: unknown, path: KeyPath): TomlTable | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as TomlTable;
  }
  findings.error(path, 'must be a table');
  return undefined;
}
