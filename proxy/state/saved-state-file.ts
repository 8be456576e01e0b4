/**
 * Saved states on disk. Beside FILE stands FILE.previous, the last one that was good before it:
 * whatever happens to FILE, one whole state is left.
 */
import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { link, rename, unlink } from 'node:fs/promises';
import { writeAtomically } from '../shared/atomic-file.ts';
import { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { decodeState, type SavedState } from './saved-state.ts';

const OWNER_ONLY = 0o600;

export interface FoundState {
  /** Undefined: there is none yet. */
  readonly saved?: SavedState;
  /** Why the previous copy was taken instead. */
  readonly warning?: string;
}

/** After a crash at any moment FILE holds the old or the new state, whole. Rejects on a full disk and the like. */
export async function saveState(file: string, text: string): Promise<void> {
  // What is broken must not push out the last good copy.
  if (readOne(file).ok) await keepAsPrevious(file);
  await writeAtomically(file, text, OWNER_ONLY);
}

/** Takes the previous copy when FILE is not usable; fails when neither is. */
export function findState(file: string): Result<FoundState, ProxyError> {
  const found = readOne(file);
  if (found.ok) return ok({ saved: found.value });
  const previous = readOne(previousOf(file));
  const why = found.error.message;
  if (previous.ok) {
    const { time } = previous.value;
    return ok({
      saved: previous.value,
      warning: `${why}; ${previousOf(file)} is used instead, saved ${time}`,
    });
  }
  return isFresh(file) ? ok({}) : err(found.error);
}

/** Only this one. */
export function readOne(file: string): Result<SavedState, ProxyError> {
  const why = whyNotAFile(file);
  if (why !== undefined) return refuse(file, why);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    return refuse(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const saved = decodeState(bytes);
  return saved.ok ? saved : refuse(file, saved.error.message);
}

export function previousOf(file: string): string {
  return `${file}.previous`;
}

/** Never written to: absent, or made empty by hand as the tutorial of 2017 has it. */
function isFresh(file: string): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  const before = lstatSync(previousOf(file), { throwIfNoEntry: false });
  return before === undefined && (stats === undefined || (stats.isFile() && stats.size === 0));
}

function whyNotAFile(file: string): string | undefined {
  let stats: Stats | undefined;
  try {
    stats = lstatSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
  if (stats === undefined) return 'there is no such file';
  if (stats.isSymbolicLink()) return 'it is a link: name the file itself';
  if (stats.isDirectory()) return 'it is a folder';
  if (!stats.isFile()) return 'it is not a file';
  const me = process.getuid?.();
  if (me !== undefined && stats.uid !== me && stats.uid !== 0) return 'it belongs to another user';
  return undefined;
}

/** A second name first, so that FILE is there at every moment. */
async function keepAsPrevious(file: string): Promise<void> {
  const spare = `${previousOf(file)}.${process.pid}.tmp`;
  try {
    await unlink(spare).catch(() => undefined);
    await link(file, spare);
    await rename(spare, previousOf(file));
  } catch (error) {
    await unlink(spare).catch(() => undefined);
    throw error;
  }
}

function refuse(file: string, why: string, cause?: unknown): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_STATE_INVALID', `saved state ${file}: ${why}`, cause));
}
