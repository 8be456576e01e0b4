/** The steps of trace about what travels with a request: its number, and its trace. */
import type { Action } from '../../harness/actions.ts';
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { everyLog, type Words } from './words.ts';

const chain = { path: '/chain' };

export function oneNumber({ expect }: Words): Step {
  return {
    id: 'one-number',
    title: t('One number in four logs', 'Un numéro dans quatre journaux'),
    minutes: 3,
    say: t(
      'Visitors come to a first proxy, the edge. It passes everything to a second one inside, and that to the shop. For the page /chain the shop asks another service, the API, by way of the inner proxy. Four programs, four logs. Every request has a number, the field X-Request-Id, and whoever passes the request on passes its number on. Take one of Alice’s and look for it: grep alice-7 edge.log access.log; lab logs shop | grep alice-7; lab logs api | grep alice-7',
      'Les visiteurs arrivent sur un premier proxy, l’edge. Il transmet tout à un second, à l’intérieur, et celui-ci à la boutique. Pour la page /chain, la boutique interroge un autre service, l’API, en passant par le proxy intérieur. Quatre programmes, quatre journaux. Chaque requête porte un numéro, le champ X-Request-Id, et qui transmet la requête transmet son numéro. Prenez-en une d’Alice et cherchez-la : grep alice-7 edge.log access.log; lab logs shop | grep alice-7; lab logs api | grep alice-7',
    ),
    act: [],
    check: [
      {
        id: 'same-number',
        claim: t(
          'Each request of Alice is in all four logs under one number',
          'Chaque requête d’Alice est dans les quatre journaux sous un seul numéro',
        ),
        probe: expect.traced('alice', 'request', ...everyLog),
        window: { within: '20s' },
      },
      {
        id: 'chain-page',
        claim: t(
          'The page /chain names the shop and the API behind it',
          'La page /chain nomme la boutique, et l’API derrière elle',
        ),
        probe: expect.page({ status: 200, text: 'shop api', at: chain }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'chain',
        visitor: 'first browser',
        at: chain,
        alt: t(
          'The page /chain: one number, two services',
          'La page /chain : un numéro, deux services',
        ),
      },
    ],
    recap: t(
      'Without a number that all of them pass on, four logs are four stories. That is why a number comes before any tool that collects logs.',
      'Sans un numéro que tous transmettent, quatre journaux sont quatre histoires. C’est pourquoi il faut un numéro avant tout outil qui rassemble des journaux.',
    ),
  };
}

export function oneTrace({ proxy, addressOf, expect }: Words): Step {
  const begin = (name: 'edge' | 'proxy'): Action =>
    proxy.relais([
      ...(name === 'edge' ? ['-c', 'edge.toml'] : []),
      ...['listener', 'update', '--address', addressOf(name), '--create-trace'],
    ]);
  return {
    id: 'one-trace',
    title: t('Who called whom', 'Qui a appelé qui'),
    minutes: 4,
    say: t(
      'A number says which lines belong together, but not who called whom. For that there is a standard, the field traceparent: a trace that all share, and a new part for each stretch of the way. Tools draw such traces as a picture. Somebody has to begin it; here, nobody does before the shop. Let the edge begin it: it is the first who sees a request. Its own command socket is named in edge.toml.',
      'Un numéro dit quelles lignes vont ensemble, mais pas qui a appelé qui. Pour cela, il existe une norme, le champ traceparent : une trace que tous partagent, et une nouvelle partie pour chaque étape du chemin. Des outils en font un dessin. Encore faut-il que quelqu’un la commence ; ici, personne ne le fait avant la boutique. Que l’edge la commence : c’est lui qui voit la requête en premier. Son propre socket de commande est indiqué dans edge.toml.',
    ),
    predict: {
      ask: t(
        'Only the edge is told. What does the log of the inner proxy have then?',
        'On ne prévient que l’edge. Que contient alors le journal du proxy intérieur ?',
      ),
      choices: [
        {
          id: 'the-same',
          text: t('The trace of the edge', 'La trace de l’edge'),
          trueWhen: expect.traced('alice', 'trace', 'edge', 'proxy'),
        },
        {
          id: 'none',
          text: t('No trace: nobody told it', 'Aucune trace : personne ne l’a prévenu'),
          trueWhen: expect.logged('proxy', '"trace_id":null', 3),
        },
      ],
    },
    act: [begin('edge')],
    check: [
      {
        id: 'same-trace',
        claim: t(
          'Each request of Alice is one trace in all four logs',
          'Chaque requête d’Alice est une seule trace dans les quatre journaux',
        ),
        probe: expect.traced('alice', 'trace', ...everyLog),
        window: { within: '20s' },
        because: [
          {
            when: expect.traced('alice', 'trace', 'proxy', 'shop', 'api'),
            say: t(
              'The trace begins at the inner proxy, and the log of the edge does not know it. Tell the edge: relais -c edge.toml …',
              'La trace commence au proxy intérieur, et le journal de l’edge ne la connaît pas. Dites-le à l’edge : relais -c edge.toml …',
            ),
          },
          {
            when: expect.logged('edge', '"trace_id":null', 3),
            say: t(
              'The edge begins no trace. relais -c edge.toml listener list shows its settings.',
              'L’edge ne commence aucune trace. relais -c edge.toml listener list montre ses réglages.',
            ),
          },
          {
            when: expect.logged('proxy', '"trace_id":null', 3),
            say: t(
              'The edge begins a trace, and the inner proxy does not go on with it.',
              'L’edge commence une trace, et le proxy intérieur ne la continue pas.',
            ),
          },
        ],
      },
      {
        id: 'chain-page',
        claim: t(
          'The page /chain still shows both services',
          'La page /chain montre toujours les deux services',
        ),
        probe: expect.page({ status: 200, text: 'shop api', at: chain }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'trace',
        visitor: 'second browser',
        at: chain,
        alt: t('The page /chain with its trace', 'La page /chain avec sa trace'),
      },
    ],
    hints: [
      t(
        'It is a setting of a listener, and it can be changed while the proxy runs.',
        'C’est un réglage d’un listener, et il peut changer pendant que le proxy tourne.',
      ),
      t(
        'relais help listener update lists the settings; -c edge.toml says which proxy is meant.',
        'relais help listener update donne les réglages ; -c edge.toml dit quel proxy est visé.',
      ),
    ],
    mistakes: [
      {
        id: 'the-inner-one',
        act: [begin('proxy')],
        diagnosis: { check: 'same-trace', because: 0 },
      },
    ],
    recap: t(
      'The edge began the trace, and everybody after it went on with it. Begin a trace once, at the first door: who begins a second one cuts the picture in two.',
      'L’edge a commencé la trace, et tous les suivants l’ont continuée. Commencez une trace une seule fois, à la première porte : qui en commence une seconde coupe le dessin en deux.',
    ),
  };
}
