/** Writes a file so that after a crash at any moment it holds the old or the new content, never a mixture. */
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from './replace-file.ts';

let lastNumber = 0;

/**
 * Temporary file in the same folder, synced; renamed over the old one; folder synced. When it
 * rejects, the old content is untouched and the temporary file gone. `mode`: default that of the
 * old file, or else 0644.
 */
export async function writeAtomically(file: string, text: string, mode?: number): Promise<void> {
  lastNumber += 1;
  const temporary = `${file}.${process.pid}-${lastNumber}.tmp`;
  try {
    await writeSynced(temporary, text, mode ?? (await modeOf(file)));
    await replaceFile(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Without this the new name of a file may be lost when the power goes. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    // Not every system can: the content itself is safe by now.
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'EINVAL' && code !== 'EPERM' && code !== 'EISDIR') throw error;
  } finally {
    await handle?.close();
  }
}

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  // wx: whoever put a file or a link there does not get our content.
  const handle = await open(file, 'wx', mode);
  try {
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return 0o644;
  }
}
