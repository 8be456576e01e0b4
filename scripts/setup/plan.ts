/** Decides what the set-up does about what it found. Pure: it looks at nothing and does nothing. */
import type { Facts } from './facts.ts';

export interface Consent {
  /** `--yes`: the answer to every question. */
  readonly yes: boolean;
  /** Is there somebody to ask? */
  readonly terminal: boolean;
}

export interface Plan {
  /** Packages to install with apt-get; the labs cannot do without these. */
  readonly needed: readonly string[];
  /** Packages that only make things nicer: a failure to install them is no failure. */
  readonly nice: readonly string[];
  readonly download: 'no' | 'yes' | 'ask';
  /** What a person should do or know. */
  readonly advice: readonly string[];
}

export const DOWNLOAD_LINE = 'npx playwright install chromium';

export function makePlan(facts: Facts, consent: Consent): Plan {
  const wantsBrowser = !facts.browser.found && !facts.browserIsNamed;
  const byApt = wantsBrowser && facts.aptChromium;
  return {
    needed: [...(byApt ? ['chromium'] : []), ...(facts.apt && !facts.iproute ? ['iproute2'] : [])],
    nice: facts.apt && !facts.emojiFont ? ['fonts-noto-color-emoji'] : [],
    download: wantsBrowser && !byApt ? downloadAnswer(consent) : 'no',
    advice: packageAdvice(facts),
  };
}

function downloadAnswer({ yes, terminal }: Consent): Plan['download'] {
  if (yes) return 'yes';
  return terminal ? 'ask' : 'no';
}

/** What we may not install ourselves. */
function packageAdvice({ linux, apt, iproute, emojiFont }: Facts): string[] {
  if (!linux || apt) return [];
  return [
    ...(iproute ? [] : ['`ip` is missing: without iproute2, machines are processes']),
    ...(emojiFont ? [] : ['no emoji font: install fonts-noto-color-emoji to see 👋 and 🐼']),
  ];
}
