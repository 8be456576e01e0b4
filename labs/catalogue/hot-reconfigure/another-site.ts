/** A second site opens at the same address, under a name of its own. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import { sameProcesses, samSeesTheShop, type Words } from './words.ts';

export function anotherSite({ machines, proxy, addressOf, expect }: Words): Step {
  const cluster = proxy.relais(['cluster', 'add', '--id', 'shop']);
  const machine = proxy.relais([
    ...['backend', 'add', '--id', 'shop', '--address'],
    addressOf('shop'),
  ]);
  const door = proxy.relais([
    ...['frontend', 'http', 'add', '--address'],
    addressOf('proxy'),
    ...['--hostname', 'shop.localhost', 'id', 'shop'],
  ]);
  return {
    id: 'another-site',
    title: t('A second site opens', 'Un second site ouvre'),
    minutes: 3,
    say: t(
      'A shop opens at the same address, under the name shop.localhost. Sam has been knocking all the time, and gets 404. Start its machine, make a group for it (a cluster), put the machine in, and open the door last (a frontend: which name leads to which cluster).',
      'Une boutique ouvre à la même adresse, sous le nom shop.localhost. Sam frappe à la porte depuis le début et reçoit 404. Démarrez sa machine, créez un groupe pour elle (un cluster), mettez-y la machine, et ouvrez la porte en dernier (un frontend : quel nom mène à quel cluster).',
    ),
    act: [machines.up('shop'), cluster, machine, door],
    check: [
      samSeesTheShop(expect),
      {
        id: 'shop-page',
        claim: t(
          'A browser at shop.localhost shows the shop',
          'Un navigateur sur shop.localhost affiche la boutique',
        ),
        probe: expect.page({ status: 200, text: '🛒', at: { host: 'shop.localhost' } }),
        window: { within: '20s' },
      },
      sameProcesses(expect),
    ],
    during: [noRequestFailedMeanwhile(expect)],
    see: [
      {
        id: 'shop',
        visitor: 'browser',
        at: { host: 'shop.localhost' },
        alt: t(
          'shop.localhost: the second site, behind the same proxy',
          'shop.localhost : le second site, derrière le même proxy',
        ),
      },
    ],
    hints: [
      t(
        'Four things, and the order matters: who comes through a door should find somebody.',
        'Quatre choses, et l’ordre compte : qui passe une porte doit trouver quelqu’un.',
      ),
      t(
        '`relais help cluster add`, `relais help backend add`, `relais help frontend http add`. The address of the listener is in `relais listener list`.',
        '`relais help cluster add`, `relais help backend add`, `relais help frontend http add`. L’adresse d’écoute est dans `relais listener list`.',
      ),
    ],
    mistakes: [
      {
        id: 'no-door',
        act: [machines.up('shop'), cluster, machine],
        diagnosis: { check: 'sam-sees-the-shop', because: 0 },
      },
      {
        id: 'a-door-to-nobody',
        act: [cluster, door],
        diagnosis: { check: 'sam-sees-the-shop', because: 1 },
      },
    ],
    recap: t(
      'The visitors of the first site did not notice that a second one opened.',
      'Les visiteurs du premier site n’ont pas remarqué qu’un second ouvrait.',
    ),
  };
}
