/** docs/old-lines.md has exactly the lines that the other tests run, section by section. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readOldWords } from '../../proxy/cli/old-words.ts';
import { type OldDocument, readOldLines, splitWords } from '../support/old-lines.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const page = readFileSync(path.join(root, 'docs/old-lines.md'), 'utf8');

const headings: Readonly<Record<OldDocument, string>> = {
  tutorial: 'The French tutorial on Sōzu (2017)',
  readme: 'The README of Sōzu (2018)',
  sillyproxy: 'sillyproxy (2016)',
};

/** Cells of each row below a heading; the heading of the table and its rule are no rows. */
function rows(heading: string): string[][] {
  const [, rest = ''] = page.split(`\n## ${heading}\n`);
  const section = rest.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter(line => line.startsWith('| '))
    .slice(1)
    .map(line => line.slice(2, -2).split(/(?<!\\) \| /))
    .map(cells => cells.map(cell => cell.replaceAll('\\|', '|').trim()));
}

describe('docs/old-lines.md', () => {
  for (const [document, heading] of Object.entries(headings)) {
    it(`names exactly the lines of "${heading}", each with what to do today`, () => {
      const lines = readOldLines(document as OldDocument).map(each => `\`${each.line}\``);
      const told = rows(heading);
      assert.deepEqual(told.map(([, line]) => line).sort(), [...new Set(lines)].sort());
      for (const [, line, today = ''] of told) assert.notEqual(today, '', line);
    });
  }

  it('names the tests that run them', () => {
    const tests = ['tutorial', 'readme', 'sillyproxy'].map(name => `old-lines-${name}.test.ts`);
    for (const test of tests)
      assert.ok(existsSync(path.join(root, 'test/integration', test)), test);
  });

  it('says of each refused line of sozuctl why, as the command line does', () => {
    const refused = rows('`sozuctl` (2017 and 2018)').filter(([, today]) =>
      today?.startsWith('refused'),
    );
    assert.ok(refused.length >= 2);
    for (const [lines = '', today = ''] of refused) {
      for (const [, line = ''] of lines.matchAll(/`([^`]*)`/g)) {
        const { refusal = '' } = readOldWords(splitWords(line.replace('…', 'add')));
        assert.ok(refusal.startsWith(today.replace('refused: ', '')), `${line}: ${refusal}`);
      }
    }
  });

  it('gives for lines of sozuctl the words that they become', () => {
    const pairs: readonly (readonly [string, string])[] = [
      ['application add --id ID -s', 'cluster add --id ID --sticky-session'],
      ['application remove --id ID', 'cluster remove --id ID'],
      ['query applications -i ID', 'cluster list -i ID'],
      ['query applications -d HOST', 'cluster list -d HOST'],
      ['logging -l LEVEL', 'logging LEVEL'],
      ['upgrade -w ID', 'upgrade --worker ID'],
    ];
    const told = rows('`sozuctl` (2017 and 2018)').map(cells => cells.join(' '));
    for (const [old, today] of pairs) {
      assert.equal(readOldWords(old.split(' ')).words.join(' '), today);
      assert.ok(
        told.some(row => row.includes(`\`${old}\``) && row.includes(`\`${today}\``)),
        old,
      );
    }
  });
});
