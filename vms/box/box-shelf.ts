/** The boxes that lie in a folder, and whether they are as they were built. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Architecture, BOX_TARGETS, type BoxTarget, boxFileName } from './box-names.ts';
import { checksumOf, readChecksums } from './checksums.ts';

export interface ShelfBox {
  readonly target: BoxTarget;
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly changedAt: Date;
  /** Is it the file that SHA256SUMS beside it names? */
  readonly whole: boolean;
}

/** In the order of the table; those that are not there are left out. */
export async function boxesIn(
  folder: string,
  architecture: Architecture,
  targets: readonly BoxTarget[] = BOX_TARGETS,
): Promise<readonly ShelfBox[]> {
  const checksums = await readChecksums(folder);
  const boxes: ShelfBox[] = [];
  for (const target of targets) {
    const name = boxFileName(target, architecture);
    const file = path.join(folder, name);
    const facts = await stat(file).catch(() => undefined);
    if (facts === undefined) continue;
    const sha256 = await checksumOf(file);
    const whole = checksums.get(name) === sha256;
    boxes.push({ target, file, sizeBytes: facts.size, sha256, changedAt: facts.mtime, whole });
  }
  return boxes;
}
