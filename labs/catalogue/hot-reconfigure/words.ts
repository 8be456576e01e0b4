/** What the steps of the hot-reconfigure lab have in common. */
import type { Check, Diagnosis } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';

export type Words = Kit<keyof typeof oldMachines | 'shop', 'alice' | 'bob' | 'sam'>;

export function sameProcesses(expect: Words['expect']): Check {
  return {
    id: 'same-processes',
    claim: t(
      'Main process and workers are those of before',
      'Processus principal et workers sont ceux d’avant',
    ),
    probe: expect.processes('the-same'),
    window: { within: '10s' },
    because: [
      {
        when: expect.processes('all-new'),
        say: t(
          'The proxy was started anew. No change needs that: give it a command instead.',
          'Le proxy a été redémarré. Aucun changement ne le demande : donnez-lui plutôt une commande.',
        ),
      },
      {
        when: expect.processes('new-workers'),
        say: t(
          'The workers are new ones. No change of the list needs that.',
          'Les workers sont nouveaux. Aucun changement de la liste ne le demande.',
        ),
      },
    ],
  };
}

/** Sam asks for the shop by its name. */
export function samSeesTheShop(expect: Words['expect']): Check {
  return {
    id: 'sam-sees-the-shop',
    claim: t('Sam sees the shop', 'Sam voit la boutique'),
    probe: expect.sees('sam', { status: 200, machine: 'shop' }),
    window: { within: '15s' },
    because: whyNoShop(expect),
  };
}

/** Nobody has the shop's name any more. */
export function samGets404(expect: Words['expect']): Check {
  return {
    id: 'sam-gets-404',
    claim: t(
      'Sam gets 404: the shop’s name is nobody’s again',
      'Sam reçoit 404 : le nom de la boutique n’est plus à personne',
    ),
    probe: expect.sees('sam', { status: 404 }),
    window: { within: '15s' },
  };
}

function whyNoShop(expect: Words['expect']): readonly Diagnosis[] {
  return [
    {
      when: expect.sees('sam', { status: 404 }),
      say: t(
        'Sam gets 404: no frontend has the name shop.localhost. `relais frontend list`.',
        'Sam reçoit 404 : aucun frontend ne porte le nom shop.localhost. `relais frontend list`.',
      ),
    },
    {
      when: expect.sees('sam', { status: 503 }),
      say: t(
        'Sam gets 503: the name leads to a cluster without a machine that answers. `relais cluster list`.',
        'Sam reçoit 503 : le nom mène à un cluster sans machine qui réponde. `relais cluster list`.',
      ),
    },
  ];
}
