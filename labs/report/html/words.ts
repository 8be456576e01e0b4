/** The words of the report that are not a lab's own. */
import type { ConnectRecord } from '../../harness/history.ts';
import type { CheckResult } from '../../harness/result.ts';
import { type Text, t } from '../../harness/text.ts';
import type { Verdict } from '../../harness/verdict.ts';

/** A sign and a word: a verdict is never told by colour alone. */
export const verdictSigns: Readonly<Record<Verdict['kind'], string>> = {
  pass: '✓',
  unknown: '?',
  fail: '✗',
};

export const verdictWords: Readonly<Record<Verdict['kind'], Text>> = {
  pass: t('passed', 'réussi'),
  unknown: t('unknown', 'indéterminé'),
  fail: t('failed', 'échoué'),
};

export const sourceWords: Readonly<Record<CheckResult['source'], Text>> = {
  browser: t('seen in the browser', 'vu dans le navigateur'),
  history: t('judged from the history', 'jugé d’après l’historique'),
  invariant: t('held all along', 'vrai du début à la fin'),
};

export const outcomeWords: Readonly<Record<ConnectRecord['outcome'], Text>> = {
  connected: t('connected', 'connecté'),
  refused: t('refused', 'refusé'),
  unreachable: t('unreachable', 'injoignable'),
  silent: t('silent', 'silence'),
};

/** What an outcome means, for a reader who meets it for the first time. */
export const outcomeMeanings: Readonly<Record<ConnectRecord['outcome'], Text>> = {
  connected: t('the machine accepted the connection', 'la machine a accepté la connexion'),
  refused: t(
    'the machine is there, but no program listens: it says no at once',
    'la machine est là, mais aucun programme n’écoute : elle refuse aussitôt',
  ),
  unreachable: t(
    'nobody has this address any more: the network gives up after a few seconds',
    'plus personne n’a cette adresse : le réseau abandonne après quelques secondes',
  ),
  silent: t(
    'packets vanish: only the client’s own limit ends the wait',
    'les paquets disparaissent : seule la limite du client met fin à l’attente',
  ),
};
