/**
 * The shell that takes the lines of labs as they are printed: quotes, `&`, variables in front. Every
 * Unix has one; on Windows it is the one of Git, and its words for paths are other ones.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { HERE, type Platform } from '../../vms/platform.ts';
import { LabError } from './errors.ts';

/** What is read of the environment. */
export interface ShellEnv {
  readonly ProgramFiles?: string | undefined;
  readonly 'ProgramFiles(x86)'?: string | undefined;
  readonly LOCALAPPDATA?: string | undefined;
}

/** `bash.exe` on the PATH of Windows is that of WSL: another computer. So only Git's own is taken. */
export function posixShell(
  env: ShellEnv,
  platform: Platform = HERE,
  isThere: (file: string) => boolean = existsSync,
): string {
  if (platform !== 'win32') return 'sh';
  const { ProgramFiles, LOCALAPPDATA } = env;
  const programs = LOCALAPPDATA && path.win32.join(LOCALAPPDATA, 'Programs');
  const folders = [ProgramFiles, env['ProgramFiles(x86)'], programs];
  const found = folders
    .flatMap(folder => (folder ? path.win32.join(folder, 'Git', 'bin', 'bash.exe') : []))
    .find(isThere);
  if (found !== undefined) return found;
  throw new LabError(
    'LAB_ENVIRONMENT',
    'Lines of labs are typed into a POSIX shell, and none was found. Install Git for Windows, which brings Git Bash.',
  );
}

/** `C:\lab\bin` is `/c/lab/bin` there: in a PATH, a colon parts two folders. */
export function shellPath(file: string, platform: Platform = HERE): string {
  if (platform !== 'win32') return file;
  const [, drive, rest] = /^([a-z]):(?=[\\/]|$)(.*)$/i.exec(file) ?? [];
  const slashes = (rest ?? file).replaceAll('\\', '/');
  return drive === undefined ? slashes : `/${drive.toLowerCase()}${slashes}`;
}

/** Git Bash takes `/page` in an argument for a file of its own and rewrites it; with these it does not. */
export function wordsAsTyped(platform: Platform = HERE): Readonly<Record<string, string>> {
  return platform === 'win32' ? { MSYS_NO_PATHCONV: '1', MSYS2_ARG_CONV_EXCL: '*' } : {};
}
