/** Two proxies in a row and two services: one request is found again in every log. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { siteMachines, withEnv } from '../machines.ts';
import { noRequestFailed, sameProxy } from '../promises.ts';
import { steps } from './steps.ts';

const { shop, api } = siteMachines;

/** The shop asks the API by way of the proxy in the middle, as services do that must not know machines. */
const machines = {
  shop: withEnv(shop, { UPSTREAM: 'http://{proxy}/api/chain' }),
  api: withEnv(api, { BASE_PATH: '/api' }),
};

export const trace: Lab = defineLab({
  id: 'trace',
  title: t('One request, many logs', 'Une requête, plusieurs journaux'),
  summary: t(
    'A request passes two proxies and two services, and each writes its own log. One number carried along makes one story of them and shows who is slow; Prometheus counts them all.',
    'Une requête traverse deux proxys et deux services, et chacun tient son propre journal. Un numéro qui voyage avec elle en fait une seule histoire et montre qui est lent ; Prometheus les compte toutes.',
  ),
  minutes: 16,
  machines,
  backends: ['shop'],
  proxy: {
    frontends: [{ hostname: '*' }],
    clusters: {
      api: {
        frontends: [{ hostname: '*', path: '/api', path_type: 'SEGMENT' }],
        backends: ['api'],
      },
    },
    workers: 1,
    edge: { workers: 1 },
    monitor: true,
  },
  visitors: {
    alice: { perSecond: 4, keepAlive: false, path: '/chain' },
    bob: { perSecond: 3, keepAlive: true },
    carol: { perSecond: 2, keepAlive: false, host: 'prometheus.localhost', path: '/-/ready' },
  },
  throughout: ({ expect }) => [noRequestFailed(expect), sameProxy(expect)],
  steps,
});
