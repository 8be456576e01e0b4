/** Looks at the machine: which browser it has, and which of the packages that the labs use. */
import { $ } from 'zx';
import {
  type BrowserFound,
  type BrowserMissing,
  findBrowser,
} from '../../labs/browser/find-browser.ts';
import type { Env } from '../../labs/browser/places.ts';
import { canInstallPackages, hasPackage, offersPackage } from '../../vms/apt.ts';
import { HERE } from '../../vms/platform.ts';
import { hasProgram } from '../../vms/programs/locate.ts';

export interface Facts {
  readonly browser: BrowserFound | BrowserMissing;
  /** Did RELAIS_BROWSER name one? Then no other will do. */
  readonly browserIsNamed: boolean;
  readonly linux: boolean;
  /** May packages be installed with apt-get? */
  readonly apt: boolean;
  /** Does apt know a real chromium package? Ubuntu's is a snap, which containers cannot run. */
  readonly aptChromium: boolean;
  readonly emojiFont: boolean;
  /** `ip`, which makes the network machines. */
  readonly iproute: boolean;
}

export async function gatherFacts(say: (line: string) => void): Promise<Facts> {
  const apt = await canInstallPackages();
  const env: Env = process.env;
  const browser = await findBrowser(env);
  return {
    browser,
    browserIsNamed: (env.RELAIS_BROWSER ?? '') !== '',
    linux: HERE === 'linux',
    apt,
    aptChromium: apt && !browser.found && (await offersPackage('chromium', say)),
    emojiFont: await hasEmojiFont(),
    iproute: await hasProgram('ip'),
  };
}

/** macOS and Windows bring one. */
async function hasEmojiFont(): Promise<boolean> {
  if (HERE !== 'linux') return true;
  if (await hasPackage('fonts-noto-color-emoji')) return true;
  const fonts = await $({ quiet: true, nothrow: true })`fc-list :charset=1f43c family`;
  return fonts.stdout.trim() !== '';
}
