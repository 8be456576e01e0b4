/** What raw connects to failing machines met, and how long it took: side by side. */

import { duration } from '../../harness/figures.ts';
import type { ConnectRecord, HistoryRecord } from '../../harness/history.ts';
import type { RunResult } from '../../harness/result.ts';
import { t } from '../../harness/text.ts';
import { both } from './bilingual.ts';
import { type Html, html } from './html.ts';
import { outcomeMeanings, outcomeWords } from './words.ts';

export function measuresSection(
  result: RunResult,
  history: readonly HistoryRecord[],
): Html | undefined {
  const connects = history.filter(record => record.kind === 'connect');
  if (connects.length === 0) return undefined;
  const longest = connects.reduce((most, { durationMs }) => Math.max(most, durationMs), 1);
  return html`<section aria-labelledby="measures">
<h2 id="measures">${both(t('What a client of each machine meets', 'Ce que rencontre un client de chaque machine'))}</h2>
<div class="wide" role="group" aria-labelledby="measures" tabindex="0"><table>
<thead><tr><th scope="col">${both(t('machine', 'machine'))}</th><th scope="col">${both(t('failure', 'panne'))}</th><th scope="col">${both(t('outcome', 'résultat'))}</th><th scope="col" class="figure">${both(t('time', 'durée'))}</th><th scope="col">${both(t('to scale', 'à l’échelle'))}</th><th scope="col">${both(t('what it means', 'ce que cela veut dire'))}</th></tr></thead>
<tbody>${connects.map(connect => measureRow(connect, longest, result))}</tbody>
</table></div>
</section>`;
}

function measureRow(connect: ConnectRecord, longest: number, result: RunResult): Html {
  const share = ((100 * connect.durationMs) / longest).toFixed(2);
  const { failure } = connect;
  const imitated = failure !== undefined && result.imitations[failure] !== undefined;
  return html`<tr><th scope="row">${connect.machine}<br><small>${connect.address}</small></th><td>${failure === undefined ? '–' : html`<code>${failure}</code>`}${imitated ? html`<br><small>${both(t('imitated', 'imitée'))}</small>` : undefined}</td><td><b class="outcome ${connect.outcome}">${both(outcomeWords[connect.outcome])}</b></td><td class="figure">${both(duration(connect.durationMs))}</td><td class="share"><span class="track"><span class="bar" style="width:${share}%"></span></span></td><td>${both(outcomeMeanings[connect.outcome])}</td></tr>`;
}
