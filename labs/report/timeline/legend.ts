/** What the signs of the drawing mean, and what was done at its numbered moments. */

import { moment } from '../../harness/figures.ts';
import type { HistoryRecord } from '../../harness/history.ts';
import { type Text, t } from '../../harness/text.ts';
import { both } from '../html/bilingual.ts';
import { type Html, html } from '../html/html.ts';
import { versionNames, visitorRequests } from '../visitor-requests.ts';
import { crossAt, shapeOf } from './marks.ts';
import { type Moment, momentsOf } from './moments.ts';

export function timelineLegend(history: readonly HistoryRecord[]): Html {
  const moments = momentsOf(history);
  const versions = versionNames(visitorRequests(history));
  const sign = (content: Html, text: Text): Html =>
    html`<li><svg viewBox="0 0 20 16" aria-hidden="true">${content}</svg>${both(text)}</li>`;
  const signs = versions.map((version, index) =>
    sign(
      html`<path class="mark" d="${shapeOf(index, 10, 8)}"/>`,
      t(`answered by ${version}`, `répondu par ${version}`),
    ),
  );
  return html`<ul class="legend">${signs}
${sign(html`<path class="failed" d="${crossAt(10, 8)}"/>`, t('failed', 'échouée'))}
${sign(html`<path class="wait" d="M0 8H20"/>`, t('waiting for the answer', 'attente de la réponse'))}
${sign(html`<g class="outage"><rect x="0" y="1" width="20" height="14"/></g>`, t('machine failing or away', 'machine en panne ou absente'))}
</ul>
${moments.length > 0 ? html`<ol class="moments">${moments.map(drawMoment)}</ol>` : undefined}`;
}

function drawMoment({ at, what }: Moment): Html {
  return html`<li><time>${both(moment(at))}</time> <code>${what}</code></li>`;
}
