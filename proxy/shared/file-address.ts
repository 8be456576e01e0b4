/** `file://PATH`, as log targets and answers are written: what stands behind it is a path as it is. */
import { HERE, type Platform } from './platform.ts';

const SCHEME = 'file://';

/**
 * Undefined when it does not begin so. On Windows `file:///C:/log` is `C:/log`, too: browsers and
 * editors write drives that way.
 */
export function pathOfFileAddress(text: string, platform: Platform = HERE): string | undefined {
  if (!text.startsWith(SCHEME)) return undefined;
  const file = text.slice(SCHEME.length);
  return platform === 'win32' ? file.replace(/^[\\/](?=[a-z]:[\\/])/i, '') : file;
}
