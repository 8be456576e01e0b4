/** Finds a program in the folders that a shell would look in. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** `endings`: what a program's name may end with here, best first; Windows has some. */
export function findProgram(
  name: string,
  folders: readonly string[],
  endings: readonly string[] = [''],
): string | undefined {
  return folders
    .flatMap(folder => endings.map(ending => path.join(folder, name + ending)))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
