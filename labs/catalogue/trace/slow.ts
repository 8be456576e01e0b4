/** The steps of trace in which a service behind three others is slow, and is found. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { everyLog, type Words } from './words.ts';

/** Of the two seconds that a slow machine takes. */
const SLOW_MS = 1_500;

export function whoIsSlow({ machines, expect }: Words): Step {
  return {
    id: 'who-is-slow',
    title: t('Who is slow?', 'Qui est lent ?'),
    minutes: 4,
    say: t(
      'Alice complains that her page takes two seconds; Bob, who asks for the first page of the shop, does not. Let the API be slow, and read the four lines of one of her requests: each tells how long it took (duration_ms).',
      'Alice se plaint : sa page met deux secondes ; Bob, qui demande la première page de la boutique, ne se plaint pas. Rendez l’API lente, et lisez les quatre lignes d’une de ses requêtes : chacune dit combien de temps elle a pris (duration_ms).',
    ),
    predict: {
      ask: t(
        'In which logs do requests of Alice take two seconds?',
        'Dans quels journaux les requêtes d’Alice prennent-elles deux secondes ?',
      ),
      choices: [
        {
          id: 'one',
          text: t('In that of the API only', 'Dans celui de l’API seulement'),
          trueWhen: expect.logTook('edge', { atMostMs: SLOW_MS, visitor: 'alice' }),
        },
        {
          id: 'all',
          text: t('In all four', 'Dans les quatre'),
          trueWhen: expect.logTook('edge', { atLeastMs: SLOW_MS, visitor: 'alice' }),
        },
      ],
    },
    act: [machines.down('api', 'slow')],
    check: [
      {
        id: 'alice-waits',
        claim: t(
          'Alice waits at the edge, as its log says',
          'Alice attend à l’edge, comme le dit son journal',
        ),
        probe: expect.logTook('edge', { atLeastMs: SLOW_MS, visitor: 'alice' }),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('api', { failure: 'none' }),
            say: t(
              'The API is well, so there is nothing to see yet.',
              'L’API va bien, il n’y a donc encore rien à voir.',
            ),
          },
        ],
      },
      {
        id: 'shop-waits',
        claim: t('The shop waits just as long', 'La boutique attend tout aussi longtemps'),
        probe: expect.logTook('shop', { atLeastMs: SLOW_MS, visitor: 'alice' }),
        window: { within: '20s' },
      },
      {
        id: 'api-is-slow',
        claim: t(
          'So does the API, and nobody stands behind it: it is the one',
          'L’API aussi, et il n’y a personne derrière elle : c’est elle',
        ),
        probe: expect.logTook('api', { atLeastMs: SLOW_MS }),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('shop', { failure: 'slow' }),
            say: t(
              'It is the shop that was made slow: the API answers at once.',
              'C’est la boutique qui a été ralentie : l’API répond aussitôt.',
            ),
          },
        ],
      },
      {
        id: 'bob-is-quick',
        claim: t(
          'Bob’s requests to the same shop are quick: it is not the shop',
          'Les requêtes de Bob à la même boutique sont rapides : ce n’est pas la boutique',
        ),
        probe: expect.logTook('shop', { atMostMs: SLOW_MS, visitor: 'bob' }),
        window: { within: '20s' },
      },
      {
        id: 'same-trace',
        claim: t(
          'One trace leads from the edge to the one who is slow',
          'Une seule trace mène de l’edge à celui qui est lent',
        ),
        probe: expect.traced('alice', 'trace', ...everyLog),
        window: { within: '20s' },
      },
    ],
    hints: [
      t(
        'Follow one request inwards. The last one who takes that long, and waits for nobody, is slow.',
        'Suivez une requête vers l’intérieur. Le dernier qui met aussi longtemps sans attendre personne est celui qui est lent.',
      ),
      t(
        'lab down names the ways in which a machine fails; slow is one of them.',
        'lab down donne les façons dont une machine tombe en panne ; slow en est une.',
      ),
    ],
    mistakes: [
      {
        id: 'the-shop',
        act: [machines.down('shop', 'slow')],
        diagnosis: { check: 'api-is-slow', because: 0 },
      },
    ],
  };
}

export function wellAgain({ machines, expect }: Words): Step {
  return {
    id: 'well-again',
    title: t('Mended, and proved', 'Réparé, et prouvé'),
    minutes: 2,
    say: t(
      'Now everybody knows whom to call. Mend the API, and let the logs prove it.',
      'Maintenant, on sait qui appeler. Réparez l’API, et que les journaux le prouvent.',
    ),
    act: [machines.heal('api')],
    check: [
      {
        id: 'api-is-well',
        claim: t('The API is well', 'L’API va bien'),
        probe: expect.machine('api', { failure: 'none' }),
        window: { within: '15s' },
        because: [
          {
            when: expect.machine('api', { failure: 'slow' }),
            say: t(
              'The API is still slow: lab heal ends it.',
              'L’API est encore lente : lab heal y met fin.',
            ),
          },
        ],
      },
      {
        id: 'alice-is-quick',
        claim: t(
          'Alice’s requests are quick again, in the log of the edge',
          'Les requêtes d’Alice sont à nouveau rapides, dans le journal de l’edge',
        ),
        probe: expect.logTook('edge', { atMostMs: SLOW_MS, visitor: 'alice' }),
        window: { within: '20s' },
      },
      {
        id: 'same-trace',
        claim: t(
          'Each request is one trace in all four logs',
          'Chaque requête est une seule trace dans les quatre journaux',
        ),
        probe: expect.traced('alice', 'trace', ...everyLog),
        window: { within: '20s' },
      },
    ],
    hints: [
      t('It is one command, for one machine.', 'C’est une commande, pour une machine.'),
      t('What lab down did, lab heal undoes.', 'Ce que lab down a fait, lab heal le défait.'),
    ],
    recap: t(
      'One number and one trace through four logs: no guessing, no blaming. A complaint became a line, and the line a machine.',
      'Un numéro et une trace à travers quatre journaux : on ne devine pas, on n’accuse pas au hasard. Une plainte est devenue une ligne, et la ligne une machine.',
    ),
  };
}
