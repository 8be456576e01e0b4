/** Finds programs, on the PATH and where administrators' programs are. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { HERE } from '../platform.ts';
import { runCommand } from './command.ts';

/** Debian keeps these off the PATH of ordinary users. */
const ADMINISTRATORS_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Its path; undefined when it is nowhere. A name with a slash is looked for where it says. */
export async function locateProgram(name: string): Promise<string | undefined> {
  if (path.isAbsolute(name)) return (await mayRun(name)) ? name : undefined;
  return (await locateOnPath(name)) ?? (await locateIn(ADMINISTRATORS_FOLDERS, name));
}

export async function hasProgram(name: string): Promise<boolean> {
  return (await locateProgram(name)) !== undefined;
}

async function locateOnPath(name: string): Promise<string | undefined> {
  const finder = HERE === 'win32' ? 'where' : 'which';
  try {
    const { exitCode, stdout } = await runCommand([finder, name]);
    return exitCode === 0 ? stdout.split(/\r?\n/)[0] : undefined;
  } catch {
    return locateIn(['/usr/local/bin', '/usr/bin', '/bin'], name);
  }
}

async function locateIn(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const file = path.join(folder, name);
    if (await mayRun(file)) return file;
  }
  return undefined;
}

async function mayRun(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
