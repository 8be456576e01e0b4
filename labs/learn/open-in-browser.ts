/** Opens an address in the browser of whoever sits here. */
import open from 'open';
import { HERE } from '../../vms/platform.ts';
import { type Text, t } from '../harness/text.ts';

/** Resolves with what to do instead when that cannot work. */
export async function openInBrowser(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Text | undefined> {
  const { DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = env;
  const hasDisplay = [DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME].some(each => Boolean(each));
  if (HERE === 'linux' && !hasDisplay) return byHand(url);
  try {
    const child = await open(url);
    child.on('error', () => {});
    return undefined;
  } catch {
    return byHand(url);
  }
}

function byHand(url: string): Text {
  return t(
    `No browser can be opened from here. Open it yourself: ${url}`,
    `Impossible d’ouvrir un navigateur d’ici. Ouvrez vous-même : ${url}`,
  );
}
