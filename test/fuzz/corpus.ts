/** Inputs of earlier runs that took ways of their own, one JSON text in Latin-1 per line. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../../test/fixtures/fuzz');
/** Kept small: every test run and every clone has them. */
const MOST_INPUTS = 400;
const MOST_BYTES = 300;

function fileOf(target: string): string {
  return path.join(folder, `${target}.jsonl`);
}

export async function readCorpus(target: string): Promise<Buffer[]> {
  const file = fileOf(target);
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter(line => line !== '');
  return lines.map(line => Buffer.from(JSON.parse(line) as string, 'latin1'));
}

/** Adds what was found until the file is full; the number added. */
export async function addToCorpus(target: string, found: readonly Buffer[]): Promise<number> {
  const known = (await readCorpus(target)).map(input => input.toString('latin1'));
  const news = found
    .filter(input => input.length <= MOST_BYTES)
    .map(each => each.toString('latin1'));
  const all = [...new Set([...known, ...news])].slice(0, MOST_INPUTS);
  await mkdir(folder, { recursive: true });
  await writeFile(fileOf(target), `${all.map(text => JSON.stringify(text)).join('\n')}\n`);
  return all.length - known.length;
}
