/** What the breaker sees by itself: nothing of a machine that connects, everything of one that does not. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { nobodyFails, SICK, type Words } from './words.ts';

export function nobodyAsks(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'nobody-asks',
    title: t('Nobody asks', 'Personne ne demande'),
    minutes: 3,
    say: t(
      'webapp2 loses its database. The app runs on and accepts every connection, but every page is an error, and its page /status says so to whoever asks.',
      'webapp2 perd sa base de données. L’application continue et accepte toutes les connexions, mais chaque page est une erreur, et sa page /status le dit à qui le demande.',
    ),
    predict: {
      ask: t(
        'The circuit breaker takes out a machine after three failures in a row. What does it do now?',
        'Le disjoncteur écarte une machine après trois échecs de suite. Que fait-il maintenant ?',
      ),
      choices: [
        {
          id: 'opens',
          text: t(
            'It opens: an error page is a failure',
            'Il s’ouvre : une page d’erreur est un échec',
          ),
          trueWhen: expect.breaker('open', 'webapp2'),
        },
        {
          id: 'stays-closed',
          text: t(
            'It stays closed: a machine that answers is alive',
            'Il reste fermé : une machine qui répond est vivante',
          ),
          trueWhen: expect.breaker('closed', 'webapp2'),
        },
      ],
    },
    act: [machines.knobs('webapp2', SICK)],
    check: [
      {
        id: 'errors',
        claim: t(
          'A third of the visitors get an error page',
          'Un tiers des visiteurs reçoivent une page d’erreur',
        ),
        probe: expect.share({ machine: 'webapp2' }, { percent: 33, tolerance: 10, requests: 45 }),
        window: { within: '20s' },
      },
      {
        id: 'status-500',
        claim: t(
          'Errors of webapp2 reach visitors',
          'Les erreurs de webapp2 arrivent aux visiteurs',
        ),
        probe: expect.answered(500, 5),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp2', { state: 'running', failure: 'none' }),
            say: t(
              'webapp2 is well. `lab knobs webapp2` shows what it was told.',
              'webapp2 va bien. `lab knobs webapp2` montre ce qu’on lui a dit.',
            ),
          },
          {
            when: expect.machine('webapp2', { state: 'poweroff' }),
            say: t(
              'webapp2 is off: that is another illness, one that the breaker sees.',
              'webapp2 est éteinte : c’est une autre maladie, que le disjoncteur voit.',
            ),
          },
        ],
      },
      {
        id: 'breaker-closed',
        claim: t('The breaker of webapp2 is closed', 'Le disjoncteur de webapp2 est fermé'),
        probe: expect.breaker('closed', 'webapp2'),
        window: { within: '10s', for: '1s' },
      },
    ],
    hints: [
      t(
        'The machine must stay reachable: no plug, no crash.',
        'La machine doit rester joignable : ni prise débranchée, ni plantage.',
      ),
      t(
        '`lab knobs webapp2` lists what the app can be told: pages with errors, and what /status says.',
        '`lab knobs webapp2` montre ce qu’on peut demander à l’application : des pages en erreur, et ce que dit /status.',
      ),
    ],
    mistakes: [
      {
        id: 'only-status',
        act: [machines.knobs('webapp2', { statusFailing: true })],
        diagnosis: { check: 'status-500', because: 0 },
      },
      {
        id: 'pulled-the-plug',
        act: [machines.down('webapp2', 'power-off')],
        diagnosis: { check: 'status-500', because: 1 },
      },
    ],
    recap: t(
      'The breaker watches connections. This machine connects very well; it just cannot work.',
      'Le disjoncteur surveille les connexions. Cette machine se connecte très bien ; elle ne sait simplement plus travailler.',
    ),
  };
}

export function crashSeenTwice(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'seen-twice',
    title: t('A crash is seen twice', 'Un plantage se voit deux fois'),
    minutes: 2,
    say: t(
      'The app of webapp3 crashes. Now both look: the breaker meets refused connections at once, the probe needs three questions.',
      'L’application de webapp3 plante. Cette fois, les deux regardent : le disjoncteur rencontre aussitôt des connexions refusées, la sonde a besoin de trois questions.',
    ),
    act: [machines.down('webapp3', 'crash')],
    check: [
      {
        id: 'breaker-opened',
        claim: t('The breaker of webapp3 has opened', 'Le disjoncteur de webapp3 s’est ouvert'),
        probe: expect.event('breaker-opened', { machine: 'webapp3' }),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp3', { state: 'running', failure: 'none' }),
            say: t('webapp3 is well.', 'webapp3 va bien.'),
          },
          {
            when: expect.machine('webapp3', { state: 'running', failure: 'error' }),
            say: t(
              'webapp3 answers with errors: that is the illness of the first step. Let it crash instead.',
              'webapp3 répond avec des erreurs : c’est la maladie de la première étape. Faites-la plutôt planter.',
            ),
          },
        ],
      },
      {
        id: 'unhealthy',
        claim: t('The probe has found it, too', 'La sonde l’a trouvée aussi'),
        probe: expect.backend('webapp3', { healthy: false }),
        window: { within: '30s' },
      },
      {
        id: 'still-200',
        claim: t('Everybody still gets the page', 'Tout le monde reçoit toujours la page'),
        probe: expect.status(200),
        window: { within: '10s', for: '500ms' },
      },
    ],
    during: [nobodyFails(kit)],
    hints: [
      t(
        'Which failure leaves the machine up and kills the app?',
        'Quelle panne laisse la machine debout et tue l’application ?',
      ),
      t(
        '`lab down --help` names the ways to fail.',
        '`lab down --help` donne les façons de tomber en panne.',
      ),
    ],
    mistakes: [
      {
        id: 'errors-again',
        act: [machines.knobs('webapp3', SICK)],
        diagnosis: { check: 'breaker-opened', because: 1 },
      },
    ],
    recap: t(
      'The breaker learns from visitors, within milliseconds, at their expense: each failure cost a second try. The probe learns by itself, without any visitor, but no faster than it asks. You want both.',
      'Le disjoncteur apprend des visiteurs, en quelques millisecondes et à leurs frais : chaque échec a coûté un second essai. La sonde apprend seule, sans aucun visiteur, mais pas plus vite qu’elle ne demande. Il vous faut les deux.',
    ),
  };
}
