/** The README says only what is there, in both languages. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const pages = [
  'README.md',
  'README.fr.md',
  'CONTRIBUTING.md',
  'docs/architecture.md',
  'docs/configuration.md',
];

/** Lines of the page's console blocks, in order. */
function commands(page: string): string[] {
  const blocks = [...read(page).matchAll(/```console\n(.*?)```/gs)];
  return blocks.flatMap(block => (block[1] ?? '').trim().split('\n'));
}

describe('README', () => {
  it('names only npm scripts that exist', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    for (const page of pages) {
      const named = [...read(page).matchAll(/npm run ([a-z:-]+)/g)].map(match => match[1] ?? '');
      assert.deepEqual(
        named.filter(name => !scripts.includes(name)),
        [],
        page,
      );
    }
  });

  it('links only to files that exist', () => {
    for (const page of [
      ...pages,
      ...readdirSync(path.join(root, 'docs/decisions')).map(file => `docs/decisions/${file}`),
    ]) {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(
        match => match[1] ?? '',
      );
      const missing = links.filter(link => !existsSync(path.join(root, path.dirname(page), link)));
      assert.deepEqual(missing, [], page);
    }
  });

  it('docs/architecture.md names only files of the proxy that exist', () => {
    const named = [...read('docs/architecture.md').matchAll(/`([a-z0-9]+\/[a-z0-9-]+\.ts)`/g)];
    assert.ok(named.length > 10);
    const missing = named
      .map(match => match[1] ?? '')
      .filter(file => !existsSync(path.join(root, 'proxy', file.replace(/^proxy\//, ''))));
    assert.deepEqual(missing, []);
  });

  it('shows the same commands in English and in French', () => {
    assert.ok(commands('README.md').length > 5);
    assert.deepEqual(commands('README.fr.md'), commands('README.md'));
  });
});
