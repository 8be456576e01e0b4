/** The step of trace that counts requests instead of reading about them. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { everyLog, type Words } from './words.ts';

const host = 'prometheus.localhost';
/** How many requests the inner proxy has answered, when they are more than ten. */
const query = { host, path: '/api/v1/query?query=sum(relais_http_requests_total)%3E10' };

export function counted({ proxy, addressOf, expect }: Words): Step {
  const edge = ['-c', 'edge.toml'] as const;
  const cluster = proxy.relais([...edge, 'cluster', 'add', '--id', 'prometheus']);
  const door = proxy.relais([
    ...edge,
    ...['frontend', 'http', 'add', '--address', addressOf('edge')],
    ...['--hostname', host, 'id', 'prometheus'],
  ]);
  return {
    id: 'counted',
    title: t('All of them, counted', 'Toutes, comptées'),
    minutes: 3,
    say: t(
      'A log tells of one request; whether all of them are well is told by metrics, numbers that the proxy counts. Prometheus, a program that collects such numbers, asks the inner proxy for them once a second (prometheus.yml says where). It stands inside, and nobody can see it yet. Give it a name at the edge: prometheus.localhost',
      'Un journal raconte une requête ; pour savoir si elles vont toutes bien, il y a les métriques, des nombres que le proxy compte. Prometheus, un programme qui collecte ces nombres, les demande au proxy intérieur une fois par seconde (prometheus.yml dit où). Il est à l’intérieur, et personne ne le voit encore. Donnez-lui un nom à l’edge : prometheus.localhost',
    ),
    act: [
      cluster,
      proxy.relais([
        ...edge,
        ...['backend', 'add', '--id', 'prometheus', '--address', addressOf('monitor')],
      ]),
      door,
      proxy.relais(['metrics', 'get'], { replayed: false }),
    ],
    check: [
      {
        id: 'prometheus-answers',
        claim: t(
          'Carol reaches it under its name, from outside',
          'Carol l’atteint sous son nom, de l’extérieur',
        ),
        probe: expect.sees('carol', { status: 200 }),
        window: { within: '30s' },
        because: [
          {
            when: expect.sees('carol', { status: 503 }, 1),
            say: t(
              'The name leads to a cluster in which nothing answers: the cluster needs the address of Prometheus as a backend.',
              'Le nom mène à un cluster où rien ne répond : il faut au cluster l’adresse de Prometheus comme backend.',
            ),
          },
          {
            when: expect.sees('carol', { site: 'shop' }, 1),
            say: t(
              'The shop answers Carol: no frontend of the edge has the name prometheus.localhost. Was the inner proxy told instead?',
              'La boutique répond à Carol : aucun frontend de l’edge ne porte le nom prometheus.localhost. Avez-vous prévenu le proxy intérieur à sa place ?',
            ),
          },
        ],
      },
      {
        id: 'it-has-counted',
        claim: t(
          'The browser asks Prometheus how many requests there were, and gets a number',
          'Le navigateur demande à Prometheus combien de requêtes il y a eu, et reçoit un nombre',
        ),
        probe: expect.page({ status: 200, text: '"value":', at: query }),
        window: { within: '30s' },
        imitated: {
          verb: 'prometheus',
          claim: t(
            'Prometheus is not installed here; what stands in for it shows the count of requests',
            'Prometheus n’est pas installé ici ; ce qui le remplace affiche le nombre de requêtes',
          ),
          probe: expect.page({ status: 200, text: 'relais_http_requests_total', at: query }),
        },
      },
      {
        id: 'same-trace',
        claim: t(
          'Alice’s requests go on as before, each as one trace',
          'Les requêtes d’Alice continuent comme avant, chacune en une seule trace',
        ),
        probe: expect.traced('alice', 'trace', ...everyLog),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'count',
        visitor: 'second browser',
        at: query,
        alt: t(
          'prometheus.localhost: the requests, counted',
          'prometheus.localhost : les requêtes, comptées',
        ),
      },
    ],
    hints: [
      t(
        'The same three things as for any site: a cluster, a backend in it, a frontend with the name. All at the edge.',
        'Les trois mêmes choses que pour tout site : un cluster, un backend dedans, un frontend avec le nom. Le tout à l’edge.',
      ),
      t(
        'relais -c edge.toml frontend list shows what the edge knows; relais metrics get shows what the inner proxy has counted.',
        'relais -c edge.toml frontend list montre ce que l’edge connaît ; relais metrics get montre ce que le proxy intérieur a compté.',
      ),
    ],
    mistakes: [
      {
        id: 'door-first',
        act: [cluster, door],
        diagnosis: { check: 'prometheus-answers', because: 0 },
      },
      {
        id: 'nothing-at-the-edge',
        act: [proxy.relais(['cluster', 'add', '--id', 'prometheus'])],
        diagnosis: { check: 'prometheus-answers', because: 1 },
      },
    ],
    recap: t(
      'A number and a trace tell one story; a count tells whether it is the only one. With both, a complaint became a line, the line a machine, and the next one rings a bell before anybody complains.',
      'Un numéro et une trace racontent une histoire ; un compteur dit si elle est la seule. Avec les deux, une plainte est devenue une ligne, la ligne une machine, et la prochaine fois on le saura avant que quelqu’un se plaigne.',
    ),
  };
}
