/** The checksums beside the boxes, in the form that `sha256sum --check` reads. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MachineError } from '../errors.ts';
import { CHECKSUM_FILE } from './box-names.ts';

/** Checksum in hexadecimal by file name. */
export type Checksums = ReadonlyMap<string, string>;

/** Lines that are no checksum are passed over. */
export function parseChecksums(text: string): Checksums {
  const lines = text.matchAll(/^([0-9a-f]{64}) [ *](\S.*)$/gm);
  return new Map([...lines].map(([, sum = '', name = '']) => [name.trim(), sum]));
}

export function formatChecksums(checksums: Checksums): string {
  const names = [...checksums.keys()].sort();
  return names.map(name => `${checksums.get(name)}  ${name}\n`).join('');
}

/** None when there is no such file. */
export async function readChecksums(folder: string): Promise<Checksums> {
  const text = await readFile(path.join(folder, CHECKSUM_FILE), 'utf8').catch(() => '');
  return parseChecksums(text);
}

/** Adds to those that are there. */
export async function addChecksums(folder: string, more: Checksums): Promise<void> {
  const all = new Map([...(await readChecksums(folder)), ...more]);
  const file = path.join(folder, CHECKSUM_FILE);
  await writeFile(`${file}.new`, formatChecksums(all));
  await rename(`${file}.new`, file);
}

export async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Rejects with VM_COMMAND_FAILED when the file is not the one that was built. */
export async function verifyChecksum(file: string): Promise<string> {
  const { dir, base } = path.parse(file);
  const expected = (await readChecksums(dir)).get(base);
  const found = await checksumOf(file);
  if (expected === found) return found;
  const told =
    expected === undefined
      ? `${CHECKSUM_FILE} beside it does not name it`
      : `${CHECKSUM_FILE} says ${expected.slice(0, 12)}…, the file has ${found.slice(0, 12)}…`;
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `${base} is not the box that was built: ${told}. Copy it again with its ${CHECKSUM_FILE}, or build it anew: npm run box:build -- --force.`,
  );
}
