/** Why a request was answered by this machine, in sentences: what was tried, who chose, among whom. */
import type { AttemptOutcome, BackendSnapshot } from '../../../proxy/index.ts';
import { duration } from '../../harness/figures.ts';
import type { HistoryRecord, ProxyRecord } from '../../harness/history.ts';
import { type Text, t } from '../../harness/text.ts';
import type { ProxyLine, TriedBackend } from './proxy-log.ts';
import type { ToldRequest } from './told-requests.ts';

const tryWords: Readonly<Record<AttemptOutcome, Text>> = {
  refused: t('refused the connection', 'a refusé la connexion'),
  reset: t('reset the connection', 'a coupé la connexion'),
  unreachable: t(
    'is unreachable: no machine answers at its address',
    'est injoignable : aucune machine ne répond à son adresse',
  ),
  silent: t('kept silent: the connect timed out', 'n’a rien dit : la connexion n’a pas abouti'),
  other: t('could not be connected to', 'n’a pas pu être jointe'),
  stale: t(
    'had closed the kept connection: a new one was opened',
    'avait fermé la connexion gardée : une nouvelle a été ouverte',
  ),
  closed: t(
    'took the request and closed the connection without an answer',
    'a pris la requête puis fermé la connexion sans répondre',
  ),
  gone: t(
    'took the request, then its machine vanished',
    'a pris la requête, puis sa machine a disparu',
  ),
  'no-answer': t(
    'took the request and did not answer in time',
    'a pris la requête et n’a pas répondu à temps',
  ),
  'invalid-answer': t(
    'gave an answer that is not valid HTTP',
    'a donné une réponse qui n’est pas du HTTP valide',
  ),
  cut: t('broke its answer off', 'a interrompu sa réponse'),
  drained: t(
    'was drained, and the deadline for that was over',
    'se vidait, et le délai pour cela était écoulé',
  ),
  'error-answer': t('answered with an error', 'a répondu par une erreur'),
};

const choosers: Readonly<Record<string, Text>> = {
  'round-robin': t('round robin: it was its turn', 'à tour de rôle : c’était son tour'),
  random: t('drawn by lot', 'tirée au sort'),
  'least-connections': t(
    'it had the fewest connections',
    'c’est elle qui avait le moins de connexions',
  ),
  'least-requests': t(
    'it had the fewest requests in progress',
    'c’est elle qui avait le moins de requêtes en cours',
  ),
  'peak-ewma': t(
    'its answers were expected soonest',
    'c’est d’elle que la réponse était attendue le plus tôt',
  ),
  'two-choices': t('the less busy of two drawn by lot', 'la moins occupée de deux tirées au sort'),
  rendezvous: t('chosen by a hash of the request', 'choisie par un hachage de la requête'),
  maglev: t('chosen by a hash of the request', 'choisie par un hachage de la requête'),
  'sticky-session': t(
    'the visitor’s cookie names it: they come back to their machine',
    'le cookie du visiteur la nomme : il revient à sa machine',
  ),
};

/** `samples` are the proxy's, in the order of the run. */
export function choiceReason(
  { request, line }: ToldRequest,
  samples: readonly ProxyRecord[],
): readonly Text[] {
  if (line === undefined) {
    return [
      t(
        'The proxy’s log has no line for this request.',
        'Le journal du proxy n’a pas de ligne pour cette requête.',
      ),
    ];
  }
  const sample = samples.findLast(({ at }) => at <= request.startedAt + request.durationMs);
  return [...triesOf(line), ...choiceOf(line), ...absentees(line, sample), ...ownAnswer(line)];
}

/** Of a request that did not go well. */
export function proxysWords(line: ProxyLine | undefined): Text | undefined {
  const message = line?.message ?? undefined;
  if (message === undefined) return undefined;
  return t(`In the proxy’s words: ${message}.`, `Le journal du proxy dit : ${message}.`);
}

export function proxySamples(history: readonly HistoryRecord[]): readonly ProxyRecord[] {
  return history.filter(record => record.kind === 'proxy');
}

function triesOf({ tries, attempts, own_answer: own }: ProxyLine): readonly Text[] {
  const told = (tries ?? []).map((one, index) => sentenceOf(one, index === 0));
  const failed = own ? attempts : attempts - 1;
  const more = failed - told.length;
  if (more <= 0) return told;
  return [...told, t(`${more} more were tried in vain.`, `${more} autres essayées en vain.`)];
}

function sentenceOf(
  { backend, outcome, status, duration_ms: ms }: TriedBackend,
  isFirst: boolean,
): Text {
  const known: Readonly<Record<string, Text>> = tryWords;
  const words = known[outcome] ?? t(outcome, outcome);
  const after = duration(ms);
  const code = status === null ? '' : ` (${status})`;
  const [en, fr] = isFirst ? ['Tried first', 'Essayée d’abord'] : ['Then', 'Puis'];
  return t(
    `${en}: ${backend} ${words.en}${code}, after ${after.en}.`,
    `${fr} : ${backend} ${words.fr}${code}, après ${after.fr}.`,
  );
}

function choiceOf({ backend, chosen_by: by, chosen_among: among, own_answer: own }: ProxyLine) {
  if (backend === null || by === null || own) return [];
  const how = choosers[by] ?? t(by, by);
  if (among === 1 && by !== 'sticky-session') {
    return [
      t(
        `Chosen: ${backend}, the only one left to choose.`,
        `Choisie : ${backend}, la seule qui restait.`,
      ),
    ];
  }
  const from = by === 'sticky-session' ? t('', '') : t(` among ${among}`, ` parmi ${among}`);
  return [
    t(`Chosen: ${backend}${from.en}; ${how.en}.`, `Choisie : ${backend}${from.fr} ; ${how.fr}.`),
  ];
}

/** Backends that the proxy would not ask at that moment, and why. */
function absentees(line: ProxyLine, sample: ProxyRecord | undefined): readonly Text[] {
  const tried = new Set((line.tries ?? []).map(({ backend }) => backend));
  const away = (sample?.backends ?? []).flatMap(backend => {
    const { backendId } = backend;
    if (backendId === line.backend || tried.has(backendId)) return [];
    const why = absence(backend);
    return why === undefined ? [] : [t(`${backendId} (${why.en})`, `${backendId} (${why.fr})`)];
  });
  if (away.length === 0) return [];
  const list = (language: 'en' | 'fr'): string => away.map(one => one[language]).join(', ');
  return [
    t(`Not asked at that time: ${list('en')}.`, `Pas sollicitées à ce moment : ${list('fr')}.`),
  ];
}

function absence({ admin, breaker, healthy, weight }: BackendSnapshot): Text | undefined {
  if (admin === 'leaving') return t('removed', 'retirée');
  if (admin === 'drain') return t('in drain', 'en vidange');
  if (admin === 'maint') return t('in maintenance', 'en maintenance');
  if (breaker === 'open') return t('circuit breaker open', 'disjoncteur ouvert');
  if (breaker === 'half-open') return t('circuit breaker half-open', 'disjoncteur mi-ouvert');
  if (!healthy) return t('health checks fail', 'contrôles de santé en échec');
  return weight === 0 ? t('weight 0', 'poids 0') : undefined;
}

function ownAnswer({ own_answer: own }: ProxyLine): readonly Text[] {
  return own ? [t('The proxy answered itself.', 'Le proxy a répondu lui-même.')] : [];
}
