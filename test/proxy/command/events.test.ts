/** docs/events.md has every kind of event, and no other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { EVENT_KINDS } from '../../../proxy/command/events.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../../docs/events.md'), 'utf8');

describe('docs/events.md', () => {
  it('names exactly the kinds that there are', () => {
    const rows = page.split('\n').filter(line => line.startsWith('| '));
    const named = rows.flatMap(row => [...row.matchAll(/`([a-z-]+-[a-z-]+)`/g)].map(m => m[1]));
    assert.deepEqual([...new Set(named)].sort(), [...EVENT_KINDS].sort());
  });
});
