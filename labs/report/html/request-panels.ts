/**
 * Each told request in detail: shown when its mark is followed, without any script, because the
 * style sheet shows the one that the address names (`:target`).
 */

import { duration, moment } from '../../harness/figures.ts';
import type { HistoryRecord } from '../../harness/history.ts';
import { type Text, t } from '../../harness/text.ts';
import { choiceReason, proxySamples, proxysWords } from '../evidence/choice-reason.ts';
import type { ProxyLine } from '../evidence/proxy-log.ts';
import { outcomeNames } from '../evidence/request-outcome.ts';
import type { ToldRequest, ToldRequests } from '../evidence/told-requests.ts';
import { both } from './bilingual.ts';
import { type Html, html } from './html.ts';

export function requestPanels(told: ToldRequests, history: readonly HistoryRecord[]): Html {
  const samples = proxySamples(history);
  const neighbours = neighboursOf(told.all);
  return html`<div class="panels">${told.all.map(one =>
    panel(one, choiceReason(one, samples), neighbours.get(one) ?? {}),
  )}</div>`;
}

interface Neighbours {
  readonly before?: ToldRequest;
  readonly after?: ToldRequest;
}

/** Of the same visitor. */
function neighboursOf(all: readonly ToldRequest[]): ReadonlyMap<ToldRequest, Neighbours> {
  const last = new Map<string, ToldRequest>();
  const neighbours = new Map<ToldRequest, Neighbours>();
  for (const one of all) {
    const before = last.get(one.request.visitor);
    last.set(one.request.visitor, one);
    neighbours.set(one, before === undefined ? {} : { before });
    if (before !== undefined) neighbours.set(before, { ...neighbours.get(before), after: one });
  }
  return neighbours;
}

function panel(told: ToldRequest, reason: readonly Text[], { before, after }: Neighbours): Html {
  const { id, request, line } = told;
  const words = proxysWords(line);
  const sentences = words === undefined ? reason : [...reason, words];
  return html`<article class="panel" id="${id}" tabindex="-1" aria-labelledby="${id}t">
<nav>${link(before, '‹')}${link(after, '›')}<a href="#close" class="close">${both(t('close', 'fermer'))}</a></nav>
<h3 id="${id}t">${request.visitor} #${request.number} · ${both(moment(request.startedAt))} · ${both(endingOf(told))}</h3>
<ul>${sentences.map(sentence => html`<li>${both(sentence)}</li>`)}</ul>
<p>${both(timing(told))}</p>
${headers(request.headers)}${line === undefined ? undefined : html`<p class="ids">${both(t('worker', 'worker'))} ${line.worker} · ${line.request_id}</p>`}
</article>`;
}

/** To another request of the same visitor. */
function link(to: ToldRequest | undefined, sign: string): Html | undefined {
  if (to === undefined) return undefined;
  return html`<a href="#${to.id}">${sign} ${to.request.visitor} #${to.request.number}</a>`;
}

/** `200 from webapp1 (v1)`, `503, failed (5xx)`. */
export function endingOf({ request, outcome }: ToldRequest): Text {
  const { status, error, machine, version } = request;
  const code = String(status ?? error ?? '–');
  if (machine === undefined) {
    const name = outcomeNames[outcome];
    return t(`${code}, ${name.en}`, `${code}, ${name.fr}`);
  }
  const who = version === undefined ? machine : `${machine} (${version})`;
  return t(`${code} from ${who}`, `${code} de ${who}`);
}

function timing({ request, line }: ToldRequest): Text {
  const took = duration(request.durationMs);
  const [en, fr] = [`Took ${took.en} for the visitor`, `Durée pour le visiteur : ${took.fr}`];
  const proxy = line === undefined ? undefined : inProxy(line);
  return proxy === undefined
    ? t(`${en}.`, `${fr}.`)
    : t(`${en}; ${proxy.en}.`, `${fr} ; ${proxy.fr}.`);
}

function inProxy(line: ProxyLine): Text {
  const { connect_ms: connected, first_byte_ms: answered, duration_ms: whole } = line;
  const all = duration(whole);
  if (connected === null || answered === null)
    return t(`in the proxy ${all.en}`, `dans le proxy ${all.fr}`);
  const first = duration(answered);
  const [en, fr] = [`first byte after ${first.en}`, `premier octet après ${first.fr}`];
  const where = t(`in the proxy ${all.en}`, `dans le proxy ${all.fr}`);
  if (line.backend_reused) {
    return t(`${where.en}: a kept connection, ${en}`, `${where.fr} : connexion gardée, ${fr}`);
  }
  const connect = duration(connected);
  return t(
    `${where.en}: a new connection after ${connect.en}, ${en}`,
    `${where.fr} : nouvelle connexion après ${connect.fr}, ${fr}`,
  );
}

function headers(all: Readonly<Record<string, string>> | undefined): Html | undefined {
  const lines = Object.entries(all ?? {}).map(([name, value]) => `${name}: ${value}`);
  if (lines.length === 0) return undefined;
  return html`<pre>${lines.join('\n')}</pre>`;
}
