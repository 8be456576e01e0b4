/**
 * On which kind of system this runs. The only file of the labs and their machines that looks:
 * everything else takes it as an argument, so that tests can say what another system would do.
 */

/** `darwin` stands for every Unix that is not Linux. */
export type Platform = 'linux' | 'darwin' | 'win32';

/** As Node calls it, to be shown: `freebsd`, too. */
export const SYSTEM_NAME: NodeJS.Platform = process.platform;

export const HERE: Platform = platformOf(process.platform);

export function platformOf(name: string): Platform {
  return name === 'linux' || name === 'win32' ? name : 'darwin';
}
