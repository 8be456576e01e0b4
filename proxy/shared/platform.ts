/**
 * On which kind of system this runs. The only file of the proxy that looks: everything else takes
 * it as an argument, so that tests can say what another system would do.
 */

/** `darwin` stands for every Unix that is not Linux. */
export type Platform = 'linux' | 'darwin' | 'win32';

export const HERE: Platform = platformOf(process.platform);

export function platformOf(name: string): Platform {
  return name === 'linux' || name === 'win32' ? name : 'darwin';
}

/**
 * Signals that ask a program to end. Windows has Ctrl-C, Ctrl-Break and, as SIGHUP, the window that
 * is closed: whoever does not end then is ended a few seconds later. Its SIGTERM never arrives.
 */
export function endingSignals(platform: Platform): readonly NodeJS.Signals[] {
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGTERM', 'SIGINT'];
}
