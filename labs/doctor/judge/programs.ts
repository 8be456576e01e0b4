/** The proxy and the browser: were they started, and did they do what they are for? */
import { type Text, t } from '../../harness/text.ts';
import type { BrowserFact, Facts } from '../facts.ts';
import { type Finding, type Fix, installFix, same, seconds } from '../finding.ts';

export function judgeProxy({ kit, proxy }: Facts): Finding {
  const one = { id: 'proxy', what: t('proxy', 'proxy') };
  if (proxy.outcome === 'works') {
    const took = seconds(proxy.tookMs);
    const found = t(
      `relais ${kit}; started on a free port, answered and stopped, in ${took.en}`,
      `relais ${kit} ; démarré sur un port libre, a répondu et s’est arrêté, en ${took.fr}`,
    );
    return { ...one, state: 'ready', found };
  }
  const said = proxy.outcome === 'fails' ? proxy.said : '?';
  return {
    ...one,
    state: 'missing',
    found: t(`it was tried and did not work: ${said}`, `essayé, il n’a pas fonctionné : ${said}`),
    why: t('It is what the labs are about.', 'C’est de lui que parlent les labs.'),
    fix: { command: 'npm run build' },
    without: t('No lab runs without it.', 'Aucun lab ne tourne sans lui.'),
  };
}

const withoutBrowser = t(
  'All labs run with --no-browser; they are then judged by the recorded requests alone.',
  'Tous les labs tournent avec --no-browser ; ils sont alors jugés sur les seules requêtes enregistrées.',
);

const whyBrowser = t(
  'Each step is looked at in a real browser, and pictures are kept.',
  'Chaque étape est regardée dans un vrai navigateur, et des images sont gardées.',
);

export function judgeBrowser(facts: Facts): Finding {
  const { browser } = facts;
  const one = { id: 'browser', what: t('browser', 'navigateur') };
  const lacking = { state: 'limited', why: whyBrowser, without: withoutBrowser } as const;
  if (!browser.found) {
    return { ...one, ...lacking, found: missingText(browser), fix: browserFix(facts) };
  }
  const name = [browser.name, browser.version, browser.executablePath].filter(Boolean).join(' ');
  const { trial } = browser;
  if (trial.outcome === 'fails') {
    const found = t(
      `${name} shows no page: ${trial.said}`,
      `${name} n’affiche aucune page : ${trial.said}`,
    );
    return { ...one, ...lacking, found, fix: browserFix(facts) };
  }
  if (trial.outcome === 'untried') {
    return { ...one, state: 'untried', found: t(`${name}; not opened`, `${name} ; pas ouvert`) };
  }
  const took = seconds(trial.tookMs);
  const note = trial.note === undefined ? '' : ` (${trial.note})`;
  const found = t(
    `${name}; showed a page, in ${took.en}${note}`,
    `${name} ; a affiché une page, en ${took.fr}${note}`,
  );
  return { ...one, state: 'ready', found };
}

function missingText({ reason = '', isNamed }: BrowserFact): Text {
  if (isNamed || !reason.startsWith('no Chrome')) return same(reason);
  return t(
    reason,
    'ni Chrome, ni Edge, ni Chromium n’est installé, et Playwright n’en a pas téléchargé',
  );
}

function browserFix(facts: Facts): Fix {
  if (facts.browser.isNamed) {
    return {
      say: t(
        'Set RELAIS_BROWSER to the path of a Chrome, Edge or Chromium program, or unset it.',
        'Donnez à RELAIS_BROWSER le chemin d’un Chrome, Edge ou Chromium, ou supprimez-la.',
      ),
    };
  }
  // Ubuntu's package is a snap, which neither containers nor other users' folders can use.
  if (facts.linux?.distribution.id === 'debian') return installFix(facts, ['chromium']);
  return {
    command: 'npx playwright install chromium',
    say: t('Or install Chrome, Edge or Chromium.', 'Ou installez Chrome, Edge ou Chromium.'),
  };
}
