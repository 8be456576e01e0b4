/** docs/configuration.md has every key that the file may hold, and no other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import {
  adminKeys,
  backendKeys,
  clusterKeys,
  frontendKeys,
  type KeyTable,
  listenerKeys,
  metricsKeys,
  topLevelKeys,
} from '../../../proxy/config/known-keys.ts';

const page = readFileSync(
  path.resolve(import.meta.dirname, '../../../../docs/configuration.md'),
  'utf8',
);

/** Keys in the first column of the tables of one section. */
function documented(heading: string): string[] {
  const [, rest = ''] = page.split(`\n## ${heading}\n`);
  const section = rest.split(/\n##/)[0] ?? '';
  return [...section.matchAll(/^\| `([a-z0-9_]+)`/gm)].map(match => match[1] ?? '');
}

function used(table: KeyTable): string[] {
  return Object.keys(table).filter(key => table[key] === 'used');
}

describe('docs/configuration.md', () => {
  // Those may stand in a listener too, and are explained where they stand for all.
  const limits = documented('Top level').filter(key => Object.hasOwn(listenerKeys, key));
  const sections: readonly (readonly [string, KeyTable, readonly string[]])[] = [
    ['Top level', topLevelKeys, []],
    ['`[admin]`', adminKeys, []],
    ['`[metrics]`', metricsKeys, []],
    ['`[[listeners]]`', listenerKeys, limits],
    ['`[clusters.NAME]`', clusterKeys, []],
    ['`frontends`', frontendKeys, []],
    ['`backends`', backendKeys, []],
  ];
  for (const [heading, table, elsewhere] of sections) {
    it(`names exactly the keys of ${heading}`, () => {
      assert.deepEqual([...documented(heading), ...elsewhere].sort(), used(table).sort());
    });
  }
});
