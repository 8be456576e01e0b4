/** The command lines of old documents, in their order, and a way to run each against a world of today. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

export type OldDocument = 'tutorial' | 'readme' | 'sillyproxy';

export interface OldLine {
  readonly document: OldDocument;
  readonly section: string;
  readonly line: string;
}

export interface LineRule {
  readonly line: RegExp;
  /** Does what the line says, and asserts that it had its effect. */
  readonly run: (match: RegExpExecArray, section: string) => unknown;
}

const root = path.resolve(import.meta.dirname, '../../..');
const file = path.join(root, 'test/fixtures/old-lines/lines.tsv');

/** Columns: document, section, command line. */
export function readOldLines(document?: OldDocument): OldLine[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(row => {
      const [name = '', section = '', line = ''] = row.split('\t');
      return { document: name as OldDocument, section, line };
    })
    .filter(each => document === undefined || each.document === document);
}

/** One test per line, in order. A line without a rule fails, and so does a rule without a line. */
export function testLines(document: OldDocument, rules: readonly LineRule[]): void {
  const lines = readOldLines(document);
  let failed: string | undefined;
  for (const { section, line } of lines) {
    it(`${section}: ${line}`, async () => {
      assert.equal(failed, undefined, 'an earlier line has failed');
      failed = line;
      const rule = firstRule(rules, line);
      const match = rule?.line.exec(line) ?? undefined;
      assert.ok(rule !== undefined && match !== undefined, `there is no rule for ${line}`);
      await rule.run(match, section);
      failed = undefined;
    });
  }
  it('has no rule that no line needs', () => {
    const idle = rules.filter(rule => lines.every(each => firstRule(rules, each.line) !== rule));
    assert.deepEqual(
      idle.map(rule => String(rule.line)),
      [],
    );
  });
}

function firstRule(rules: readonly LineRule[], line: string): LineRule | undefined {
  return rules.find(each => each.line.test(line));
}

/** The words of a line of a shell: quotes hold words together, a closing `;` or `&` says nothing. */
export function splitWords(line: string): string[] {
  const words = line.replace(/[;&\s]+$/, '').match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map(word => word.replace(/["']/g, ''));
}

/** Lines that get and build the program: `npm ci` has done that, and nothing more is needed. */
export const getsTheProgram: LineRule = {
  line: /cargo build|^git clone|rustup|^(?:apt-get|apt|rpm|brew) |nodesource|^npm install$|^docker build|^export OPENSSL|^echo /,
  run: () => {
    for (const built of ['bin/relais.js', 'hello-earth.cjs', 'echo-app.cjs']) {
      assert.ok(existsSync(path.join(root, 'dist', built)), `${built} is built`);
    }
  },
};
