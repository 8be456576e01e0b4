/** Who answered how many requests, and the one that took longest. */

import { count, duration, moment, percent } from '../../harness/figures.ts';
import type { HistoryRecord, RequestRecord } from '../../harness/history.ts';
import { isFailed } from '../../harness/judge/evidence.ts';
import { type Text, t } from '../../harness/text.ts';
import { endOf, machineNames, visitorNames, visitorRequests } from '../visitor-requests.ts';
import { both } from './bilingual.ts';
import { type Html, html } from './html.ts';

interface Group {
  readonly name: Text;
  readonly requests: readonly RequestRecord[];
}

export function trafficTable(history: readonly HistoryRecord[]): Html | undefined {
  const requests = visitorRequests(history);
  if (requests.length === 0) return undefined;
  const visitors = visitorNames(requests);
  const groups = groupsOf(history, requests);
  return html`<div class="wide" role="group" aria-labelledby="by-machine" tabindex="0"><table>
<caption id="by-machine">${both(t('Requests by machine', 'Requêtes par machine'))}</caption>
<thead><tr><th scope="col">${both(t('machine', 'machine'))}</th><th scope="col">${both(t('version', 'version'))}</th>${visitors.map(visitor => html`<th scope="col" class="figure">${visitor}</th>`)}<th scope="col" class="figure">${both(t('all', 'total'))}</th><th scope="col">${both(t('share', 'part'))}</th><th scope="col" class="figure">${both(t('failed', 'échouées'))}</th><th scope="col" class="figure">${both(t('median', 'médiane'))}</th><th scope="col" class="figure">${both(t('slowest', 'la plus lente'))}</th></tr></thead>
<tbody>${groups.map(group => tableRow(group, visitors, requests.length))}</tbody>
</table></div>
${failures(requests)}${slowest(requests)}`;
}

function groupsOf(
  history: readonly HistoryRecord[],
  requests: readonly RequestRecord[],
): readonly Group[] {
  const byMachine = machineNames(history).map(name => ({
    name: t(name, name),
    requests: requests.filter(({ machine }) => machine === name),
  }));
  const nobody = requests.filter(({ machine }) => machine === undefined);
  if (nobody.length === 0) return byMachine;
  return [...byMachine, { name: t('no machine', 'aucune machine'), requests: nobody }];
}

function tableRow({ name, requests }: Group, visitors: readonly string[], total: number): Html {
  const versions = [...new Set(requests.flatMap(({ version }) => version ?? []))].sort();
  const times = requests.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const failed = requests.filter(isFailed).length;
  const share = ((100 * requests.length) / total).toFixed(1);
  const time = (ms: number | undefined): Html => (ms === undefined ? html`–` : both(duration(ms)));
  return html`<tr><th scope="row">${both(name)}</th><td>${versions.join(', ') || '–'}</td>${visitors.map(
    visitor =>
      html`<td class="figure">${both(count(requests.filter(one => one.visitor === visitor).length))}</td>`,
  )}<td class="figure">${both(count(requests.length))}</td><td class="share"><span class="track"><span class="bar" style="width:${share}%"></span></span><span>${both(percent(requests.length, total))}</span></td><td class="figure${failed > 0 ? ' bad' : ''}">${both(count(failed))}</td><td class="figure">${time(times[Math.floor((times.length - 1) / 2)])}</td><td class="figure">${time(times.at(-1))}</td></tr>`;
}

/** How they failed, most frequent first, and which was the first. */
function failures(requests: readonly RequestRecord[]): Html | undefined {
  const failed = requests.filter(isFailed).sort((a, b) => a.startedAt - b.startedAt);
  const [first] = failed;
  if (first === undefined) return undefined;
  const outcomes = [...new Set(failed.map(outcomeOf))]
    .map(outcome => ({ outcome, times: failed.filter(one => outcomeOf(one) === outcome).length }))
    .sort((a, b) => b.times - a.times)
    .map(({ outcome, times }) => `${outcome} × ${times}`)
    .join(', ');
  const at = moment(first.startedAt);
  return html`<p>${both(
    t(
      `Failed: ${outcomes}. The first was ${first.visitor} #${first.number}, asked at ${at.en}.`,
      `Échouées : ${outcomes}. La première : ${first.visitor} n° ${first.number}, envoyée à ${at.fr}.`,
    ),
  )}</p>`;
}

function outcomeOf(request: RequestRecord): string {
  return request.error ?? String(request.status);
}

function slowest(requests: readonly RequestRecord[]): Html {
  const [first, ...rest] = requests;
  if (first === undefined) return html``;
  const longest = rest.reduce((a, b) => (b.durationMs > a.durationMs ? b : a), first);
  const [took, at] = [duration(longest.durationMs), moment(endOf(longest))];
  const by = t(longest.machine ?? 'no machine', longest.machine ?? 'aucune machine');
  const outcome = outcomeOf(longest);
  return html`<p>${both(
    t(
      `Slowest request: ${longest.visitor} #${longest.number} took ${took.en} and ended at ${at.en} (${by.en}, ${outcome}).`,
      `Requête la plus lente : ${longest.visitor} n° ${longest.number}, ${took.fr}, terminée à ${at.fr} (${by.fr}, ${outcome}).`,
    ),
  )}</p>`;
}
