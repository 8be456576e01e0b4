/** Reads the Markdown tables of cases in test/fixtures/http1: a title, bytes, an outcome. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface FixtureCase {
  readonly title: string;
  readonly bytes: Buffer;
  readonly expected: string;
}

const folder = path.resolve(import.meta.dirname, '../../../test/fixtures/http1');
const entry = /^### (.+)\n\n```http\n([\s\S]*?)\n```\n\n→ (.+)$/gm;
const named: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t' };

export function readFixtures(file: string): FixtureCase[] {
  const text = readFileSync(path.join(folder, file), 'utf8');
  const titles = text.match(/^### /gm) ?? [];
  const cases = [...text.matchAll(entry)].map(([, title = '', bytes = '', expected = '']) => ({
    title,
    bytes: unescaped(bytes),
    expected,
  }));
  if (cases.length !== titles.length) {
    throw new Error(`${file}: ${titles.length} titles, but ${cases.length} complete cases`);
  }
  return cases;
}

function unescaped(text: string): Buffer {
  const latin1 = text
    .replace(/\n/g, '')
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([rnt])/g, (_, letter: string) => named[letter] ?? '');
  return Buffer.from(latin1, 'latin1');
}
