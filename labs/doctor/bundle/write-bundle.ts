/** Writes the bundle; a file that is not an older bundle is never replaced. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError, messageOf } from '../../harness/errors.ts';
import { TITLE } from './bundle-text.ts';

export const BUNDLE_FILE = 'relais-doctor.txt';

/** Resolves with the whole path. */
export async function writeBundle(file: string, text: string): Promise<string> {
  const place = path.resolve(file);
  const before = await readFile(place, 'utf8').catch(() => '');
  if (before !== '' && !before.startsWith(TITLE)) {
    throw new LabError(
      'LAB_USAGE',
      `${place} is there and no report of the doctor. Name another file: --bundle FILE`,
    );
  }
  await writeFile(place, text).catch(error => {
    throw unwritable(error);
  });
  return place;
}

function unwritable(error: unknown): LabError {
  const message = `The report cannot be written (${messageOf(error)}). Name another file: --bundle FILE`;
  return new LabError('LAB_ENVIRONMENT', message, error);
}

/** `summary.md` of the latest run; undefined when there is none. */
export function readLatestSummary(home: string): Promise<string | undefined> {
  return readFile(path.join(home, 'runs/latest/summary.md'), 'utf8').catch(() => undefined);
}
