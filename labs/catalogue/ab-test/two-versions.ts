/** Two versions side by side: first by turns, then each visitor has one of them. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import { type Person, people, shareOfStrangers, type Words } from './words.ts';

export function aFifth(kit: Words): Step {
  const { proxy, expect } = kit;
  return {
    id: 'a-fifth',
    title: t('Eighty to twenty', 'Quatre-vingts contre vingt'),
    minutes: 2,
    say: t(
      'Does version 2 please more than version 1? Nobody knows: so ask the visitors. Version 1 runs on two machines, each with the weight 100. Version 2 runs on webapp-new1, which still has the weight 0. Give it what makes one request in five.',
      'La version 2 plaît-elle plus que la version 1 ? Personne ne le sait : demandons aux visiteurs. La version 1 tourne sur deux machines, chacune de poids 100. La version 2 tourne sur webapp-new1, qui a encore le poids 0. Donnez-lui de quoi recevoir une requête sur cinq.',
    ),
    act: [proxy.weight('webapp-new1', 50)],
    check: [
      {
        id: 'eighty-twenty',
        claim: t('20% of the requests see v2', '20 % des requêtes voient la v2'),
        probe: expect.share({ version: 'v2' }, { percent: 20, tolerance: 2, requests: 150 }),
        window: { within: '30s' },
        because: [
          {
            when: expect.backend('webapp-new1', { weight: 0 }),
            say: t('webapp-new1 still has the weight 0.', 'webapp-new1 a encore le poids 0.'),
          },
          {
            when: expect.backend('webapp-new1', { weight: 20 }),
            say: t(
              'A weight is no percentage: 20 of 100 + 100 + 20 is 9%.',
              'Un poids n’est pas un pourcentage : 20 sur 100 + 100 + 20, cela fait 9 %.',
            ),
          },
        ],
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t(
        'Which weight w makes w / (200 + w) a fifth?',
        'Quel poids w donne w / (200 + w) égal à un cinquième ?',
      ),
      t(
        '`relais backend list` shows weights and shares, `relais help backend weight` how to change one.',
        '`relais backend list` montre poids et parts, `relais help backend weight` comment en changer un.',
      ),
    ],
    mistakes: [
      {
        id: 'a-percentage',
        act: [proxy.weight('webapp-new1', 20)],
        diagnosis: { check: 'eighty-twenty', because: 1 },
      },
    ],
  };
}

export function stayWithOne(kit: Words): Step {
  const { proxy, expect } = kit;
  return {
    id: 'stay-with-one',
    title: t('Whoever had version 2 keeps it', 'Qui a eu la version 2 la garde'),
    minutes: 4,
    say: t(
      'The page has a button, and people press it more often when they see version 2. Yet the next request is anybody’s turn: most presses after a page of v2 are counted by a machine with v1. An experiment wants one version for each person. With a sticky session the proxy gives a cookie along, and sends whoever brings it back to the same machine. Zoe, who tests, has the cookie of webapp-new1 already.',
      'La page a un bouton, et on le presse plus souvent quand on voit la version 2. Mais la requête suivante est pour la machine dont c’est le tour : après une page en v2, c’est le plus souvent une machine en v1 qui compte le clic. Une expérience veut une seule version par personne. Avec une session collante, le proxy donne un cookie, et renvoie à la même machine qui le rapporte. Zoe, qui teste, a déjà le cookie de webapp-new1.',
    ),
    predict: {
      ask: t(
        'Alice keeps cookies. What does she see, visit after visit?',
        'Alice garde les cookies. Que voit-elle, visite après visite ?',
      ),
      choices: [
        {
          id: 'one',
          text: t('Always the same version', 'Toujours la même version'),
          trueWhen: expect.sticky('alice', 10),
        },
        {
          id: 'a-fifth',
          text: t('Version 2 one time in five', 'La version 2 une fois sur cinq'),
          trueWhen: ofAlice(kit, 20),
        },
        {
          id: 'half',
          text: t('Each version half of the time', 'Chaque version une fois sur deux'),
          trueWhen: ofAlice(kit, 50),
        },
      ],
    },
    act: [proxy.relais(['cluster', 'update', '--id', 'webapp', '--sticky-session'])],
    check: [
      zoeHasHerVersion(kit),
      ...people.slice(0, 2).map(person => stays(kit, person)),
      {
        id: 'v2-is-liked',
        claim: t(
          'The button is pressed at least twice as often with v2 as with v1',
          'Le bouton est pressé au moins deux fois plus souvent avec la v2 qu’avec la v1',
        ),
        probe: expect.engagement('v2', { than: 'v1', visitors: [...people, 'zoe'] }),
        window: { within: '30s' },
        because: [
          {
            when: expect.sees('zoe', { version: 'v1' }, 1),
            say: t(
              'Presses are counted by whoever has the next turn: visitors do not stay with their version.',
              'Les clics sont comptés par la machine dont c’est le tour : les visiteurs ne restent pas avec leur version.',
            ),
          },
        ],
      },
      {
        id: 'still-a-fifth',
        claim: t('20% of the newcomers see v2', '20 % des nouveaux venus voient la v2'),
        probe: shareOfStrangers(kit, 'v2', 20),
        window: { within: '30s' },
      },
      {
        id: 'page',
        claim: t('A browser shows the page', 'Un navigateur affiche la page'),
        probe: expect.page({ status: 200, text: 'Hello 🌍' }),
        window: { within: '20s' },
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    see: [
      {
        id: 'a-newcomer',
        visitor: 'newcomer',
        alt: t(
          'A newcomer gets one of the versions, with a button to press',
          'Un nouveau venu reçoit l’une des versions, avec un bouton à presser',
        ),
      },
    ],
    hints: [
      t(
        'The whole cluster has this property, not one backend.',
        'C’est une propriété du cluster entier, non d’un backend.',
      ),
      t(
        '`relais help cluster update` has an option for sessions. Each machine shows what it counted: `curl localhost:9091/engagement`, and 9101 for webapp-new1.',
        '`relais help cluster update` a une option pour les sessions. Chaque machine montre ce qu’elle a compté : `curl localhost:9091/engagement`, et 9101 pour webapp-new1.',
      ),
    ],
    mistakes: [
      {
        id: 'all-to-v2',
        act: [proxy.weight('webapp-new1', 100)],
        diagnosis: { check: 'zoe-stays', because: 0 },
      },
    ],
    recap: t(
      'Weights decide about newcomers, cookies about everybody else. Without cookies a click would be counted for the wrong version, and the experiment would say nothing.',
      'Les poids décident pour les nouveaux venus, les cookies pour tous les autres. Sans cookies, un clic serait compté pour la mauvaise version, et l’expérience ne dirait rien.',
    ),
  };
}

function ofAlice({ expect }: Words, percent: number) {
  return expect.share(
    { version: 'v2' },
    { percent, tolerance: 15, requests: 10, among: { visitors: ['alice'] } },
  );
}

function zoeHasHerVersion({ expect }: Words): Check {
  return {
    id: 'zoe-stays',
    claim: t(
      'Zoe, who brings the cookie of webapp-new1, sees v2 only',
      'Zoe, qui apporte le cookie de webapp-new1, ne voit que la v2',
    ),
    probe: expect.sees('zoe', { version: 'v2' }, 20),
    window: { within: '20s' },
    because: [
      {
        when: expect.backend('webapp-new1', { admin: 'ready', healthy: true }),
        say: t(
          'webapp-new1 is ready, and Zoe is sent elsewhere: the proxy does not heed her cookie. Is the session of the cluster sticky?',
          'webapp-new1 est prête, et Zoe est envoyée ailleurs : le proxy ne tient pas compte de son cookie. La session du cluster est-elle collante ?',
        ),
      },
    ],
  };
}

function stays({ expect }: Words, person: Person): Check {
  const name = `${person.charAt(0).toUpperCase()}${person.slice(1)}`;
  return {
    id: `${person}-stays`,
    claim: t(`${name} meets one machine only`, `${name} ne rencontre qu’une seule machine`),
    probe: expect.sticky(person, 10),
    window: { within: '20s' },
  };
}
