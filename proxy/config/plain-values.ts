/**
 * The most common values, recognized without the full rules: files with ten thousand clusters are
 * made of them. What is not plain goes the full way, which gives the same for what is.
 */
import { isIPv4 } from 'node:net';
import type { TomlTable } from './check-keys.ts';

const address = /^(\d{1,3}(?:\.\d{1,3}){3}):(0|[1-9]\d{0,4})$/;
const hostname = /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*$/;
const MAX_HOSTNAME = 200;

/** An IPv4 address with its port, in the one spelling there is. */
export function isPlainAddress(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const match = address.exec(value);
  return match !== null && Number(match[2]) <= 65_535 && isIPv4(match[1] ?? '');
}

/** Lower case, no pattern in it. */
export function isPlainHostname(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_HOSTNAME &&
    hostname.test(value) &&
    !value.endsWith('-')
  );
}

/** Nothing else stands in the table. */
export function hasOnly(table: TomlTable, ...keys: readonly string[]): boolean {
  let count = 0;
  for (const key of keys) if (table[key] !== undefined) count += 1;
  return count === keys.length && Object.keys(table).length === count;
}
