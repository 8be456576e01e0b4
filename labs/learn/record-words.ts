/** A record of the history in one line, as the proof that a learner asks for with `why`. */
import { duration } from '../harness/figures.ts';
import type {
  ConnectRecord,
  HistoryRecord,
  PageRecord,
  RequestRecord,
} from '../harness/history.ts';
import { logInWords } from '../harness/log-words.ts';
import { type Language, type Text, t } from '../harness/text.ts';

/** `clock`: how a moment of the history is told. */
export function recordInWords(
  record: HistoryRecord,
  language: Language,
  clock: (at: number) => string,
): string {
  return `${clock(momentOf(record))}  ${words(record)[language]}`;
}

function momentOf(record: HistoryRecord): number {
  return record.kind === 'request' ? record.startedAt : record.at;
}

function words(record: HistoryRecord): Text {
  switch (record.kind) {
    case 'request':
      return requestWords(record);
    case 'page':
      return pageWords(record);
    case 'connect':
      return connectWords(record);
    case 'machine': {
      const state = [record.state, record.version, ...record.failures].join(', ');
      return t(`${record.machine}: ${state}`, `${record.machine} : ${state}`);
    }
    case 'log':
      return logInWords(record);
    case 'proxy-event': {
      const { kind, backendId, cause } = record.event;
      const event = [kind, backendId, cause].filter(word => word !== undefined).join(' · ');
      return t(`the proxy says: ${event}`, `le proxy dit : ${event}`);
    }
    case 'proxy': {
      const pids = `${record.mainPid} [${record.workerPids.join(', ')}]`;
      return t(`processes of the proxy: ${pids}`, `processus du proxy : ${pids}`);
    }
    case 'action':
      return t(record.command, record.command);
    case 'step':
      return t(`step ${record.step}: ${record.phase}`, `étape ${record.step} : ${record.phase}`);
  }
}

function requestWords(request: RequestRecord): Text {
  const press = request.engages === true ? ' (POST /engage)' : '';
  const who = `${request.visitor} #${request.number}${press}`;
  const took = duration(request.durationMs);
  if (request.status === undefined) {
    return t(
      `${who}: no answer (${request.error}) after ${took.en}`,
      `${who} : pas de réponse (${request.error}) au bout de ${took.fr}`,
    );
  }
  const { status } = request;
  const from = [request.machine, request.version].filter(word => word !== undefined).join(' ');
  if (from === '') {
    return t(
      `${who}: ${status}, from the proxy itself, ${took.en}`,
      `${who} : ${status}, du proxy lui-même, ${took.fr}`,
    );
  }
  return t(
    `${who}: ${status} from ${from}, ${took.en}`,
    `${who} : ${status} de ${from}, ${took.fr}`,
  );
}

function pageWords({ visitor, url, status, text }: PageRecord): Text {
  const shown = `${status} “${text.slice(0, 60)}”`;
  return t(`${visitor} at ${url}: ${shown}`, `${visitor} sur ${url} : ${shown}`);
}

const outcomes: Readonly<Record<ConnectRecord['outcome'], Text>> = {
  connected: t('connected', 'connecté'),
  refused: t('refused', 'refusé'),
  unreachable: t('unreachable', 'injoignable'),
  silent: t('silent', 'silence'),
};

function connectWords({ machine, address, outcome, durationMs }: ConnectRecord): Text {
  const [took, how] = [duration(durationMs), outcomes[outcome]];
  return t(
    `connect to ${machine} (${address}): ${how.en} after ${took.en}`,
    `connexion à ${machine} (${address}) : ${how.fr} au bout de ${took.fr}`,
  );
}
