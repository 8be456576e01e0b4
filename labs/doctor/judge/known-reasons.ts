/**
 * Why machines cannot be made, in both languages and with the one thing to do. Providers say it in
 * English prose; what they say and this table does not know is passed on as it is.
 */
import { type Text, t } from '../../harness/text.ts';
import type { Facts } from '../facts.ts';
import { asRoot, type Fix, installFix } from '../finding.ts';
import { DOCKER, VAGRANT } from './engine-reasons.ts';
import { findPhrase, type Phrase } from './phrase.ts';

export interface KnownReason {
  readonly reason: Text;
  /** undefined: the provider's own words are the best that there are. */
  readonly fix: Fix | undefined;
}

/** The reason that this is, in both languages; undefined when nobody has written it down here. */
export function knownReason(said: string, facts: Facts): KnownReason | undefined {
  const found = findPhrase(KNOWN, said);
  return found && { reason: found.text, fix: found.phrase.fix?.(facts) };
}

const nextBoot = t('Until the next boot.', 'Jusqu’au prochain démarrage.');

const KNOWN: readonly Phrase[] = [
  {
    said: /^the commands unshare and nsenter are missing/,
    text: t(
      'the commands unshare and nsenter are missing',
      'les commandes unshare et nsenter manquent',
    ),
    fix: facts => installFix(facts, ['util-linux']),
  },
  {
    said: /^the command ip is missing/,
    text: t('the command ip is missing', 'la commande ip manque'),
    fix: facts => installFix(facts, ['iproute2']),
  },
  {
    said: /^AppArmor forbids user namespaces/,
    text: t(
      'AppArmor forbids user namespaces to ordinary users (Ubuntu since 23.10)',
      'AppArmor interdit les espaces de noms utilisateur aux utilisateurs ordinaires (Ubuntu depuis 23.10)',
    ),
    fix: facts => ({
      command: asRoot(facts, 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'),
      say: nextBoot,
    }),
  },
  {
    said: /^this system forbids user namespaces to ordinary users/,
    text: t(
      'this system forbids user namespaces to ordinary users',
      'ce système interdit les espaces de noms utilisateur aux utilisateurs ordinaires',
    ),
    fix: facts => ({
      command: asRoot(facts, 'sysctl -w kernel.unprivileged_userns_clone=1'),
      say: nextBoot,
    }),
  },
  {
    said: /^this system allows no user namespaces/,
    text: t(
      'this system allows no user namespaces',
      'ce système n’autorise aucun espace de noms utilisateur',
    ),
    fix: facts => ({
      command: asRoot(facts, 'sysctl -w user.max_user_namespaces=10000'),
      say: nextBoot,
    }),
  },
  {
    said: /^this process may not make network namespaces/,
    text: t(
      'this process may not make network namespaces (a container without rights?)',
      'ce processus ne peut pas créer d’espaces de noms réseau (un conteneur sans droits ?)',
    ),
    fix: () => ({
      say: t(
        'Start the container with --cap-add SYS_ADMIN --cap-add NET_ADMIN.',
        'Lancez le conteneur avec --cap-add SYS_ADMIN --cap-add NET_ADMIN.',
      ),
    }),
  },
  {
    said: /^network namespaces exist only on Linux/,
    text: t(
      'network namespaces exist only on Linux',
      'les espaces de noms réseau n’existent que sous Linux',
    ),
    fix: () => ({
      say: t(
        'Nothing to do: machines are processes here.',
        'Rien à faire : ici, les machines sont des processus.',
      ),
    }),
  },
  {
    said: /^Windows passes no listening sockets/,
    text: t(
      'Windows passes no listening sockets on to other programs',
      'Windows ne transmet pas de prises en écoute à d’autres programmes',
    ),
    fix: () => ({
      command: 'wsl --install',
      say: t(
        'Then run the labs in WSL, with the same commands.',
        'Puis lancez les labs dans WSL, avec les mêmes commandes.',
      ),
    }),
  },
  ...DOCKER,
  ...VAGRANT,
];
