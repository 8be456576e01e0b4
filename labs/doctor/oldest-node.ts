/**
 * The oldest Node that runs the kit; package.json says the same. This file is all that is loaded
 * before the check: it imports nothing, and is written so that old versions can read it.
 */
export const OLDEST_NODE = [20, 19] as const;

export function isEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** In the language of the system, with a line end. */
export function oldNodeMessage(
  version: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const oldest = OLDEST_NODE.join('.');
  const language = env['LAB_LANG'] || env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return language.startsWith('fr')
    ? `Les labs ont besoin de Node.js ${oldest} ou plus récent ; celui-ci est ${version}. Prenez-en un plus récent chez votre gestionnaire de paquets, ou sur https://nodejs.org.\n`
    : `The labs need Node.js ${oldest} or later; this is ${version}. Get a later one from your package manager, or from https://nodejs.org.\n`;
}
