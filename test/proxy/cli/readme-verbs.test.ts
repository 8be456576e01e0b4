/** proxy/README.md has every verb in its table. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { leaves, pathOf } from '../../../proxy/cli/help.ts';
import { createProgram } from '../../../proxy/cli/program.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../../proxy/README.md'), 'utf8');
const program = createProgram(
  {
    terminal: { out: () => undefined, err: () => undefined },
    version: '1.2.3',
    environment: {},
    inheritedSockets: 0,
    program: '',
  },
  () => undefined,
);

it('proxy/README.md has every verb', () => {
  const [, section = ''] = page.split('\n## Verbs\n');
  const cells = section.split('\n').flatMap(line => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
  const words = cells.map(cell => cell.replace(/[`,…]/g, ' ').split(/\s+/));
  for (const command of leaves(program)) {
    const verb = pathOf(command).replace('listener http ', 'listener ');
    if (verb === 'help') continue;
    const parts = verb.split(' ');
    const found = words.some(row => row[1] === parts[0] && parts.every(part => row.includes(part)));
    assert.ok(found, `"relais ${verb}" is missing in the table of proxy/README.md`);
  }
});
