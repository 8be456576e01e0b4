/** The records that settled a verdict, each in a line, with a way to the request it tells of. */

import { duration, moment } from '../../harness/figures.ts';
import type { HistoryRecord, ProxyRecord, RequestRecord } from '../../harness/history.ts';
import { logInWords } from '../../harness/log-words.ts';
import { type Text, t } from '../../harness/text.ts';
import type { Verdict } from '../../harness/verdict.ts';
import type { ToldRequests } from '../evidence/told-requests.ts';
import { both } from './bilingual.ts';
import { type Html, html } from './html.ts';
import { outcomeWords } from './words.ts';

/** Open where somebody will want to know. */
export function decidingRecords(
  { kind, decidedBy }: Verdict,
  told: ToldRequests,
): Html | undefined {
  if (decidedBy === undefined || decidedBy.length === 0) return undefined;
  const summary = html`<summary>${both(t('Decided by', 'Décidé par'))} (${decidedBy.length})</summary>`;
  const list = html`<ul>${decidedBy.map(record => html`<li>${oneLine(record, told)}</li>`)}</ul>`;
  if (kind === 'pass') return html`<details class="evidence">${summary}${list}</details>`;
  return html`<details class="evidence" open="">${summary}${list}</details>`;
}

function oneLine(record: HistoryRecord, told: ToldRequests): Html {
  const when = both(moment(record.at));
  if (record.kind !== 'request') return html`${when} · ${both(describe(record))}`;
  const entry = told.find(record);
  const name = `${record.visitor} #${record.number}`;
  const link = entry === undefined ? html`${name}` : html`<a href="#${entry.id}">${name}</a>`;
  return html`${when} · ${link} · ${both(describe(record))}`;
}

function describe(record: HistoryRecord): Text {
  switch (record.kind) {
    case 'request':
      return answer(record);
    case 'page': {
      const by = record.machine === undefined ? '' : ` · ${record.machine}`;
      const what = `${record.visitor} · ${record.status} ${record.reason}${by}`;
      return t(`browser ${what}`, `navigateur ${what}`);
    }
    case 'connect': {
      const [how, took] = [outcomeWords[record.outcome], duration(record.durationMs)];
      return t(
        `connect to ${record.machine}: ${how.en} after ${took.en}`,
        `connexion à ${record.machine} : ${how.fr} après ${took.fr}`,
      );
    }
    case 'machine': {
      const state = [record.state, ...record.failures].join(', ');
      return t(`${record.machine}: ${state}`, `${record.machine} : ${state}`);
    }
    case 'proxy-event': {
      const { kind, backendId, clusterId, cause } = record.event;
      const what = [kind, backendId ?? clusterId, cause].filter(part => part !== undefined);
      return same(what.join(' · '));
    }
    case 'proxy':
      return sample(record);
    case 'log':
      return logInWords(record);
    case 'action':
      return same(record.command);
    default:
      return same(record.kind);
  }
}

function same(text: string): Text {
  return t(text, text);
}

function answer({ status, error, machine, durationMs }: RequestRecord): Text {
  const took = duration(durationMs);
  const by = machine === undefined ? '' : ` · ${machine}`;
  return t(
    `${status ?? error ?? '–'}${by}, ${took.en}`,
    `${status ?? error ?? '–'}${by}, ${took.fr}`,
  );
}

function sample({ mainPid, workerPids, backends }: ProxyRecord): Text {
  const pids = `${mainPid} [${workerPids.join(', ')}]`;
  const states = backends.map(({ backendId, admin, breaker }) => {
    const state = admin === 'ready' ? breaker : admin;
    return `${backendId} ${state}`;
  });
  return t(`proxy ${pids}: ${states.join(', ')}`, `proxy ${pids} : ${states.join(', ')}`);
}
