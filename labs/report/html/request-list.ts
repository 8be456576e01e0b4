/** The told requests in words, for whoever does not point at marks: the notable ones, then links to all. */

import { count, duration, moment } from '../../harness/figures.ts';
import type { HistoryRecord, ProxyRecord } from '../../harness/history.ts';
import { t } from '../../harness/text.ts';
import { choiceReason, proxySamples } from '../evidence/choice-reason.ts';
import { outcomeNames } from '../evidence/request-outcome.ts';
import { evenly, type ToldRequest, type ToldRequests } from '../evidence/told-requests.ts';
import { both } from './bilingual.ts';
import { type Html, html } from './html.ts';
import { endingOf } from './request-panels.ts';

/** More rows would not be read. */
const MOST_ROWS = 12;

export function requestList(told: ToldRequests, history: readonly HistoryRecord[]): Html {
  const samples = proxySamples(history);
  const notable = told.all.filter(({ isNotable }) => isNotable);
  return html`${notable.length === 0 ? undefined : notableTable(notable, samples)}
<details class="all-requests"><summary>${both(t('Every request with its details, by visitor', 'Chaque requête avec ses détails, par visiteur'))} (${both(count(told.all.length))})</summary>
${linksByVisitor(told.all)}</details>
${leftOut(told.leftOut)}`;
}

function notableTable(notable: readonly ToldRequest[], samples: readonly ProxyRecord[]): Html {
  const more = count(notable.length - MOST_ROWS);
  return html`<div class="wide" role="group" aria-labelledby="notable" tabindex="0"><table class="notable">
<caption id="notable">${both(t('Requests worth a look: they decided a check, failed, were tried twice, or took longest', 'Requêtes à regarder : elles ont décidé une vérification, échoué, été essayées deux fois, ou duré le plus longtemps'))}</caption>
<thead><tr><th scope="col">${both(t('request', 'requête'))}</th><th scope="col" class="figure">${both(t('sent at', 'envoyée à'))}</th><th scope="col">${both(t('end', 'fin'))}</th><th scope="col" class="figure">${both(t('took', 'durée'))}</th><th scope="col">${both(t('why this machine', 'pourquoi cette machine'))}</th></tr></thead>
<tbody>${evenly(notable, MOST_ROWS).map(one => row(one, samples))}</tbody>
</table></div>
${notable.length > MOST_ROWS ? html`<p>${both(t(`${more.en} more such requests have their details below and in the drawing.`, `${more.fr} autres requêtes de ce genre ont leurs détails ci-dessous et dans le dessin.`))}</p>` : undefined}`;
}

function row(told: ToldRequest, samples: readonly ProxyRecord[]): Html {
  const { id, request, outcome } = told;
  const reason = choiceReason(told, samples);
  const ending = request.machine === undefined ? outcomeNames[outcome] : endingOf(told);
  const code = request.machine === undefined ? `${request.status ?? request.error ?? ''} ` : '';
  return html`<tr><th scope="row"><a href="#${id}">${request.visitor} #${request.number}</a></th><td class="figure">${both(moment(request.startedAt))}</td><td>${code}${both(ending)}</td><td class="figure">${both(duration(request.durationMs))}</td><td>${reason.map((sentence, index) => html`${index === 0 ? '' : ' '}${both(sentence)}`)}</td></tr>`;
}

function linksByVisitor(all: readonly ToldRequest[]): readonly Html[] {
  const visitors = [...new Set(all.map(({ request }) => request.visitor))].sort();
  return visitors.map(visitor => {
    const own = all.filter(({ request }) => request.visitor === visitor);
    return html`<p><b>${visitor}</b> ${own.map(({ id, request }) => html` <a href="#${id}">${request.number}</a>`)}</p>`;
  });
}

function leftOut(number: number): Html | undefined {
  if (number === 0) return undefined;
  const more = count(number);
  return html`<p class="left-out">${both(t(`To keep this page small, ${more.en} requests are drawn without details; history.ndjson and proxy/access.log have them all.`, `Pour que cette page reste petite, ${more.fr} requêtes sont dessinées sans détails ; history.ndjson et proxy/access.log les ont toutes.`))}</p>`;
}
