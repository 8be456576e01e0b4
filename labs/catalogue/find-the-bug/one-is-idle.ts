/** The site works, and one machine is idle: which? */
import type { Choice, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { twoThirds, type Words } from './shares.ts';

export function oneIsIdle({ expect }: Words): Step {
  return {
    id: 'one-is-idle',
    title: t('All is well, or is it?', 'Tout va bien, vraiment ?'),
    minutes: 3,
    say: t(
      'Everybody gets the page at once, and nothing is red anywhere. But the site pays for three machines, and one of them has nothing to do. The list of the proxy was typed by hand: read it, and watch who answers.',
      'Tout le monde reçoit la page aussitôt, et rien n’est rouge nulle part. Mais le site paie trois machines, et l’une d’elles n’a rien à faire. La liste du proxy a été tapée à la main : lisez-la, et regardez qui répond.',
    ),
    predict: {
      ask: t('Which machine does nobody ever visit?', 'Quelle machine ne reçoit jamais personne ?'),
      choices: [never(expect, 'webapp1'), never(expect, 'webapp2'), never(expect, 'webapp3')],
    },
    act: [],
    check: [
      {
        id: 'one-waits-in-vain',
        claim: t(
          'One machine waits for visitors in vain',
          'Une machine attend des visiteurs en vain',
        ),
        probe: expect.served('none', 'webapp3'),
        window: { within: '10s', for: '1s' },
      },
      twoThirds(expect),
      {
        id: 'looks-fine',
        claim: t(
          'A browser shows the site as if nothing were wrong',
          'Un navigateur affiche le site comme si de rien n’était',
        ),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'looks-fine',
        visitor: 'browser',
        alt: t('The site looks fine', 'Le site a l’air d’aller bien'),
      },
    ],
    hints: [
      t(
        'Visit the site nine times and count the names.',
        'Visitez le site neuf fois et comptez les noms.',
      ),
      t(
        '`lab visit` shows who answers; compare the addresses of `relais backend list` and of `lab status`.',
        '`lab visit` montre qui répond ; comparez les adresses de `relais backend list` et de `lab status`.',
      ),
    ],
    recap: t(
      'A machine that is never asked never fails, so nothing reports it. Only somebody who counts finds it.',
      'Une machine à qui on ne demande rien n’échoue jamais, donc rien ne la signale. Seul celui qui compte la trouve.',
    ),
  };
}

function never(expect: Words['expect'], machine: 'webapp1' | 'webapp2' | 'webapp3'): Choice {
  return {
    id: machine,
    text: t(`${machine}, never`, `${machine}, jamais`),
    trueWhen: expect.served('none', machine),
  };
}
