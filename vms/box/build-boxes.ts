/** Builds the boxes: all or, when anything fails or it is interrupted, none. */
import { rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { HERE, SYSTEM_NAME } from '../platform.ts';
import { type BoxTarget, boxFileName } from './box-names.ts';
import { boxesIn } from './box-shelf.ts';
import { openBuildFolder, requireOwners, requireRoom } from './build-folder.ts';
import type { BuildOrder } from './build-order.ts';
import { buildTargets, type Progress } from './build-targets.ts';
import { addChecksums, checksumOf } from './checksums.ts';

export interface BuiltBox {
  readonly target: BoxTarget;
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** false: it was there already. */
  readonly built: boolean;
}

/** What the parts take at the same time, measured, and a third more. */
const ROOM_BYTES: Readonly<Record<BoxTarget, number>> = {
  lxc: 0.8e9,
  libvirt: 1.2e9,
  docker: 0.5e9,
};

/**
 * Needs root and the tools of `box` (debian-packages.ts). Rejects with VM_PROVIDER_UNREADY (no
 * root, no room), VM_LEASE_HELD (another build), VM_COMMAND_FAILED, VM_ABORTED; then no file has
 * changed and nothing is left.
 */
export async function buildBoxes(
  order: BuildOrder,
  { say, signal }: { readonly say: (line: string) => void; readonly signal?: AbortSignal },
): Promise<readonly BuiltBox[]> {
  requireRoot();
  const kept = order.force ? [] : await wholeBoxes(order);
  const wanted = order.targets.filter(target => !kept.some(box => box.target === target));
  if (wanted.length === 0) return kept;
  const progress = clock(say);
  const folder = await openBuildFolder(order.folder);
  // What others may read in a box is not decided by the habits of who builds it.
  const umask = process.umask(0o022);
  try {
    await requireOwners(folder.path);
    await requireRoom(
      folder.path,
      wanted.reduce((sum, target) => sum + ROOM_BYTES[target], 0),
    );
    await buildTargets({ ...order, targets: wanted, folder: folder.path }, progress, signal);
    const built = await moveIn(folder.path, order, wanted);
    return [...kept, ...built];
  } catch (error) {
    throw explained(error, order.folder);
  } finally {
    process.umask(umask);
    await folder.remove();
  }
}

function requireRoot(): void {
  if (HERE === 'linux' && process.geteuid?.() === 0) return;
  const reason =
    HERE === 'linux'
      ? 'Boxes are built as root: files in them belong to several users. Start it again with sudo.'
      : `Boxes are built on Linux, this is ${SYSTEM_NAME}. Bring one along: vms/box/README.md.`;
  throw new MachineError('VM_PROVIDER_UNREADY', reason);
}

async function wholeBoxes({ folder, architecture, targets }: BuildOrder): Promise<BuiltBox[]> {
  const boxes = await boxesIn(folder, architecture, targets);
  return boxes.filter(({ whole }) => whole).map(box => ({ ...box, built: false }));
}

async function moveIn(
  from: string,
  { folder, architecture }: BuildOrder,
  targets: readonly BoxTarget[],
): Promise<BuiltBox[]> {
  const boxes: BuiltBox[] = [];
  for (const target of targets) {
    const name = boxFileName(target, architecture);
    const { size: sizeBytes } = await stat(path.join(from, name));
    const sha256 = await checksumOf(path.join(from, name));
    boxes.push({ target, file: path.join(folder, name), sizeBytes, sha256, built: true });
  }
  for (const { file } of boxes) await rename(path.join(from, path.basename(file)), file);
  await addChecksums(folder, new Map(boxes.map(box => [path.basename(box.file), box.sha256])));
  return boxes;
}

/** Each line with the seconds since the start. */
function clock(say: (line: string) => void): Progress {
  const start = performance.now();
  return line => say(`${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

function explained(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || !/No space left on device|ENOSPC/.test(error.message)) {
    return error;
  }
  const advice = 'Make room, or name another folder: --folder FOLDER.';
  return new MachineError('VM_COMMAND_FAILED', `The disk with ${folder} is full. ${advice}`, error);
}
